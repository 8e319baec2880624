import { defineErrors } from '@exprsn/core'

/** What goes wrong while serving fences. */
export const servingErrors = defineErrors({
  GEO_FENCE_NOT_FOUND: {
    message: 'There is no fence "{id}".',
    help: 'GET /fences lists those that there are.',
    status: 404,
  },
})
