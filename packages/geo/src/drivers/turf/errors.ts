import { defineErrors } from '@exprsn/core'

/** What goes wrong with the optional peer. */
export const turfErrors = defineErrors({
  GEO_TURF_MISSING: {
    message: 'The package @turf/turf cannot be loaded: {reason}.',
    help: 'Install it: npm i @turf/turf',
  },
})
