import { defineErrors } from '@exprsn/core'

/** What goes wrong with the OAuth library. */
export const oauthDriverErrors = defineErrors({
  ATPROTO_OAUTH_DRIVER_MISSING: {
    message: 'The package {package} is not installed.',
    help: 'npm i {package}',
  },
})
