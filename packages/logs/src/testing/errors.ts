import { defineErrors } from '@exprsn/core'

/** What the conformance suite of sinks finds. */
export const testingErrors = defineErrors({
  LOGS_TESTING_CONFORMANCE: {
    message: 'The sink does not conform: expected {expected}, saw {seen}.',
    help: 'See the name of the case for the requirement.',
  },
})
