import { defineErrors } from '@exprsn/core'

/** What is wrong with a question to a router, or with the router. */
export const routingErrors = defineErrors({
  GEO_ROUTE_INVALID: {
    message: 'The request is not valid at {where}: {reason}.',
    help: 'See the documentation of the named field for its unit and range.',
    status: 400,
  },
  GEO_ROUTER_CLOSED: {
    message: 'The router is closed.',
    help: 'Close it after the last answer, or open another one.',
  },
})
