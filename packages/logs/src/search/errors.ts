import { defineErrors } from '@exprsn/core'

/** What goes wrong with a search in another engine. */
export const searchErrors = defineErrors({
  LOGS_SEARCH_OPTION_INVALID: {
    message: 'The option {option} of the search in {engine} cannot be {value}.',
    help: 'See the documentation of the option.',
    status: 400,
  },
  LOGS_SEARCH_UNSUPPORTED: {
    message: '{engine} cannot answer {part}.',
    help: 'Ask without it, or ask the embedded store. The guide says what each engine answers.',
    status: 501,
  },
  LOGS_SEARCH_REFUSED: {
    message: '{engine} has refused the query: {reason}.',
    help: 'See the reason: it is what the engine says. Credentials, tables and limits are those of the engine.',
    status: 502,
  },
  LOGS_SEARCH_UNAVAILABLE: {
    message: '{engine} did not answer: {reason}.',
    help: 'Try again. Check that the engine runs and can be reached.',
    retryable: true,
    status: 503,
  },
})
