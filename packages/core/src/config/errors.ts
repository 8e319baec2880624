import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with configuration. */
export const configErrors = defineErrors({
  CORE_CONFIG_INVALID: {
    message: 'The configuration has {count} problem(s):',
    help: 'Each line names the key, what was expected, what was found and where it came from: correct those places.',
    status: 500,
  },
  CORE_CONFIG_SCHEMA_UNSUPPORTED: {
    message: 'The configuration schema {reason}.',
    help: 'Pass a zod object, or a synchronous schema of any library that implements Standard Schema.',
  },
})
