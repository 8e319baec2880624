import { defineErrors } from '@exprsn/core'

/** What goes wrong while serving fences and plans. */
export const servingErrors = defineErrors({
  GEO_FENCE_NOT_FOUND: {
    message: 'There is no fence "{id}".',
    help: 'GET /fences lists those that there are.',
    status: 404,
  },
  GEO_PLAN_NOT_READY: {
    message: 'The plan "{id}" is not done.',
    help: 'GET /plans/:id tells how far it is, GET /plans/:id/events when it is done.',
    status: 409,
    retryable: true,
  },
})
