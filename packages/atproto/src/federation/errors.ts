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
  ATPROTO_SERVED_RECORD_UNKNOWN: {
    message: 'There is no {what} {name} in the repository of {did}.',
    help: 'Check its name.',
    status: 400,
  },
})
