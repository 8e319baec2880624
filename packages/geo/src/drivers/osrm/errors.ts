import { defineErrors } from '@exprsn/core'

/** What goes wrong with OSRM. */
export const osrmErrors = defineErrors({
  GEO_OSRM_FAILED: {
    message: 'OSRM did not answer {service}: {reason}.',
    help: 'See the reason, and the limits that osrm-routed was started with, such as --max-table-size.',
    retryable: true,
    status: 502,
  },
  GEO_OSRM_UNSUPPORTED: {
    message: 'OSRM has no {service}.',
    help: 'Ask the router of this package (openRouter), or Valhalla.',
    status: 501,
  },
})
