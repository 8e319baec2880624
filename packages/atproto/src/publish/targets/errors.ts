import { defineErrors } from '@exprsn/core'

/** What goes wrong with targets and feeds. */
export const targetErrors = defineErrors({
  ATPROTO_TARGET_UNAVAILABLE: {
    message: 'The target {target} answered {method} with {status}.',
    help: 'Nothing to do: it is tried again, and what has come about meanwhile is not posted a second time.',
    retryable: true,
    status: 503,
  },
  ATPROTO_TARGET_UNKNOWN: {
    message: 'There is no target {target}.',
    help: 'Name it in the targets of createCrossPoster, each once.',
    status: 400,
  },
  ATPROTO_FEED_INVALID: {
    message: 'The feed cannot be read: {reason}.',
    help: 'RSS 2.0, Atom and JSON Feed are read. A document type definition is refused.',
    status: 422,
  },
})
