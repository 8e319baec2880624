import { defineErrors } from '@exprsn/core'

/** What goes wrong when other services of the network ask this one. */
export const federationErrors = defineErrors({
  ATPROTO_SERVICE_TOKEN_INVALID: {
    message: 'The service token is not accepted: {reason}.',
    help: 'Ask the account’s host for a new one: for this service, this method, and the next minute.',
    status: 401,
  },
  ATPROTO_SERVICE_TOKEN_REPLAYED: {
    message: 'The service token of {did} was used before.',
    help: 'A token works once. Ask the account’s host for a new one.',
    status: 401,
  },
  ATPROTO_FEED_UNKNOWN: {
    message: 'There is no feed {feed}.',
    help: 'Name its record key in the feeds of the generator.',
    status: 400,
  },
  ATPROTO_FEED_SKELETON_INVALID: {
    message: 'The feed {feed} answered what is no skeleton: {reason}.',
    help: 'Give at most `limit` entries, each with the at:// URI of a post.',
  },
  ATPROTO_SERVED_REPO_UNKNOWN: {
    message: 'There is no repository of {did}.',
    help: 'Check the DID. If it should have one, look at what the source of repositories answers for it.',
    status: 400,
  },
  ATPROTO_SERVED_REPO_INACTIVE: {
    message: 'The repository of {did} is not served: it is {status}.',
    help: 'Ask again when the stream of events says that the account is active.',
    status: 400,
  },
  ATPROTO_STREAM_CURSOR_FUTURE: {
    message: 'The cursor {cursor} is in the future: the newest event is {last}.',
    help: 'The host counts anew. Begin without a cursor, and compare all repositories.',
    status: 400,
  },
  ATPROTO_STREAM_CONSUMER_SLOW: {
    message:
      'The events after {seq} are no longer kept: those up to {forgotten} were forgotten while they waited to be taken.',
    help: 'Read faster, or keep more events with the option keepEvents. Connecting again gives what is kept.',
    retryable: true,
    status: 503,
  },
  ATPROTO_SERVED_RECORD_UNKNOWN: {
    message: 'There is no {what} {name} in the repository of {did}.',
    help: 'Check its name.',
    status: 400,
  },
})
