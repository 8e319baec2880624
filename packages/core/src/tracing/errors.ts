import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with traces. Headers that cannot be read are no error: the trace then begins here. */
export const tracingErrors = defineErrors({
  CORE_TRACING_DRIVER_MISSING: {
    message: 'The package {package} is not installed.',
    help: 'Run: npm i @opentelemetry/api. Or pass its module in the option api.',
  },
  CORE_TRACING_CONTEXT_INVALID: {
    message: 'The trace context has no valid {field}.',
    help: 'A trace id is 32 and a span id 16 lower-case hexadecimal digits, neither all zeros. Take contexts from extract() or startTrace().',
    status: 400,
  },
})
