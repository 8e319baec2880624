import { defineErrors } from '@exprsn/core'

/** What is wrong with a place on the earth. */
export const coordinateErrors = defineErrors({
  GEO_POSITION_INVALID: {
    message: 'The position at {where} is not valid: {reason}.',
    help: 'Positions are [longitude, latitude] in degrees: -180 to 180 and -90 to 90, finite, longitude first.',
    status: 400,
  },
})
