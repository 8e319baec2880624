import { defineErrors } from '../errors/registry.ts'

/** What goes wrong when a scanner is made. */
export const sensitiveErrors = defineErrors({
  CORE_SENSITIVE_KIND_UNKNOWN: {
    message: 'There is no kind of sensitive data called "{kind}".',
    help: 'Use one of {known}.',
    status: 400,
  },
})
