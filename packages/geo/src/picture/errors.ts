import { defineErrors } from '@exprsn/core'

/** What goes wrong with pictures. */
export const pictureErrors = defineErrors({
  GEO_PICTURE_INVALID: {
    message: 'The picture cannot be drawn: {reason}.',
    help: 'Give features with coordinates as in GeoJSON, and a width and height of 16 to 8192 pixels.',
    status: 400,
  },
})
