import { defineErrors } from '@exprsn/core'

/** What goes wrong with Valhalla. */
export const valhallaErrors = defineErrors({
  GEO_VALHALLA_FAILED: {
    message: 'Valhalla did not answer {action}: {reason}.',
    help: 'See the reason, and the limits of service in its configuration.',
    retryable: true,
    status: 502,
  },
})
