import { defineErrors } from '@exprsn/core'

/** What goes wrong with OAuth sessions. */
export const sessionErrors = defineErrors({
  ATPROTO_OAUTH_LOGIN_NEEDED: {
    message: 'The session of {did} cannot be used any more: {reason}.',
    help: 'Send the account through authorize() and callback() again, then call resume() of its publisher. Items wait until then.',
    status: 401,
  },
  ATPROTO_OAUTH_SESSION_DAMAGED: {
    message: 'The stored {what} of {key} cannot be opened.',
    help: 'Check the keyring: it needs every key that rows were sealed with.',
  },
  ATPROTO_OAUTH_LOCK_LOST: {
    message: 'The lock {name} was not released in time.',
    help: 'Another process holds it, and renews it. Look for one that hangs.',
    retryable: true,
    status: 503,
  },
})
