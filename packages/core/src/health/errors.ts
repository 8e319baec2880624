import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with health checks. A check that fails is no error but a result. */
export const healthErrors = defineErrors({
  CORE_HEALTH_CHECK_TIMEOUT: {
    message: 'The health check "{name}" did not end within {timeout}.',
    help: 'See why the dependency does not answer, or give the check a longer timeout.',
    retryable: true,
    status: 503,
  },
  CORE_HEALTH_OPTION_INVALID: {
    message: 'The health option {option} cannot be {value}.',
    help: 'See the documentation of the option for what it takes.',
    status: 400,
  },
})
