import { defineErrors } from '@exprsn/core'

/** What goes wrong with trips. */
export const tripErrors = defineErrors({
  GEO_TRIP_OPTION_INVALID: {
    message: 'The option {option} of the trips is not valid: {reason}.',
    help: 'Correct the option.',
    status: 400,
  },
})
