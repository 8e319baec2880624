import { defineErrors } from '@exprsn/core'

/** What goes wrong when the host's items are published. */
export const publishErrors = defineErrors({
  ATPROTO_PUBLISH_OPTION_INVALID: {
    message: 'The publish option {option} cannot be {value}.',
    help: 'Pass a value of the documented type and range.',
    status: 400,
  },
  ATPROTO_PUBLISH_MAPPING_UNKNOWN: {
    message: 'There is no mapping {mapping}.',
    help: 'Name it in the mappings of createPublisher.',
    status: 400,
  },
  ATPROTO_PUBLISH_ITEM_INVALID: {
    message: 'The item {id} of {mapping} cannot be published: {reason}.',
    help: 'Change what the mapping makes of it. Nothing was stored.',
    status: 422,
  },
  ATPROTO_PUBLISH_REFUSED: {
    message: 'The host refused {method} with {status} {error}: {reason}.',
    help: 'The item is parked with this reason. Change it, or call retry() when the cause is gone.',
    status: 422,
  },
  ATPROTO_PUBLISH_UNAVAILABLE: {
    message: 'The host answered {method} with {status} {error}.',
    help: 'Nothing to do: it is tried again, and what has come about meanwhile is found by its CID.',
    retryable: true,
    status: 503,
  },
  ATPROTO_PUBLISH_CHANGED: {
    message: 'The host stored {uri} as {cid} and not as {expected}.',
    help: 'The host changes records that it is given. The item is parked, as edits could not be told from those of others.',
    status: 502,
  },
  ATPROTO_PUBLISH_HOLDER_LOST: {
    message: 'Another process has taken over the item {id}.',
    help: 'Nothing to do: it goes on there.',
    retryable: true,
  },
  ATPROTO_PUBLISH_KEYS_TAKEN: {
    message: 'No free record key was found for the item {id}.',
    help: 'Many items have the same time: give each its own in createdAt.',
  },
  ATPROTO_PUBLISH_LOGIN_FAILED: {
    message: 'The host {service} refused the login: {reason}.',
    help: 'Check the app password of the account. Items wait until it is right.',
    status: 401,
  },
  ATPROTO_PUBLISH_LOGINS_USED_UP: {
    message: 'The account {did} has no login left until {until}.',
    help: 'Nothing to do: items wait until then. Keep sessions over restarts with the option sessions, or use OAuth, which needs no logins.',
    retryable: true,
    status: 429,
  },
  ATPROTO_PUBLISH_REQUESTS_USED_UP: {
    message: 'No request to {service} is left until {until}.',
    help: 'Nothing to do: items wait until then. Where it goes on, spread processes over several addresses.',
    retryable: true,
    status: 429,
  },
  ATPROTO_PUBLISH_ACCOUNT_MOVED: {
    message: 'The account {did} has moved to {service}, where it could not be logged in: {reason}.',
    help: 'Give the publisher an app password of the new host, or send the account through a new login there, and call resume(). Items wait.',
    status: 401,
  },
})
