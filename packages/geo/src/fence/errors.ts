import { defineErrors } from '@exprsn/core'

/** What goes wrong with geofences. */
export const fenceErrors = defineErrors({
  GEO_FENCE_INVALID: {
    message: 'The fence at {where} is not valid: {reason}.',
    help: 'Correct the feature; a Polygon or MultiPolygon, a Point with "radius", or a LineString with "width", as in GeoJSON.',
    status: 400,
  },
  GEO_FENCE_DUPLICATE: {
    message: 'Two fences have the id "{id}": {first} and {second}.',
    help: 'Give each feature an id of its own; to replace a fence use "put".',
    status: 409,
  },
  GEO_FENCE_TOO_MANY_POINTS: {
    message: 'The fences have {points} points in all, more than the {most} that one index can hold.',
    help: 'Divide the fences into several sets, or simplify their borders.',
    status: 400,
  },
  GEO_FENCE_OPTION_INVALID: {
    message: 'The option {option} of the fences is not valid: {reason}.',
    help: 'Correct the option.',
    status: 400,
  },
  GEO_FIX_INVALID: {
    message: 'The fix of "{id}" is not valid: {reason}.',
    help: 'A fix is { id, position: [longitude, latitude], time, accuracy? }, times as Date or milliseconds since 1970.',
    status: 400,
  },
  GEO_FENCE_STATE_INVALID: {
    message: 'The saved state of the fences cannot be used: {reason}.',
    help: 'Use what snapshot() returned, of this version or an older one.',
    status: 400,
  },
})
