import { defineErrors } from '@exprsn/core'

/** What goes wrong with the synchronisation of repositories. */
export const syncErrors = defineErrors({
  ATPROTO_SYNC_OPTION_INVALID: {
    message: 'The sync option {option} cannot be {value}.',
    help: 'Pass a value of the documented type and range.',
    status: 400,
  },
  ATPROTO_SYNC_STREAM_REFUSED: {
    message: 'The host {service} ended the event stream: {error}.',
    help: 'The sync connects again by itself, from where it was. When it goes on, ask the operator of the host.',
    retryable: true,
    status: 502,
  },
  ATPROTO_SYNC_REPO_UNAVAILABLE: {
    message: 'The host does not serve the repository of {did}: {reason}.',
    help: 'Deactivated accounts come back by themselves; of others, check that the host still has the account.',
    retryable: true,
    status: 404,
  },
  ATPROTO_SYNC_REPO_STALE: {
    message: 'The host serves {did} at {rev}, but {expected} is known.',
    help: 'The sync asks again by itself: hosts may answer from a copy that lags behind.',
    retryable: true,
  },
  ATPROTO_SYNC_GAP: {
    message: 'Commits of {did} are missing before {rev}.',
    help: 'Nothing to do: the whole repository is fetched and compared.',
    retryable: true,
  },
  ATPROTO_SYNC_MESSAGE_INVALID: {
    message: 'A message of the event stream is invalid: {reason}.',
    help: 'The sync goes on with the next one and compares the repository. When it goes on, the host is at fault.',
  },
  ATPROTO_SYNC_KEY_MISSING: {
    message: 'The identity document of {did} names no key for its repository.',
    help: 'Nothing of the account can be verified; it is tried again later. Its owner has to publish a key.',
  },
  ATPROTO_SYNC_APPLY_TIMEOUT: {
    message: 'The handler took longer than {limit} ms for an event of {did}.',
    help: 'Make it faster, or hand the work to a job within the transaction; or raise applyTimeout.',
    retryable: true,
  },
  ATPROTO_SYNC_CLAIM_LOST: {
    message: 'Another process has taken over the repository of {did}.',
    help: 'Nothing to do: it goes on there.',
    retryable: true,
  },
  ATPROTO_SYNC_CLOSED: {
    message: 'The sync is closed.',
    help: 'Create a new one, or close it only after its last use.',
  },
})
