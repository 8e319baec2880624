import { defineErrors } from '@exprsn/core'

/** What goes wrong in a two-way sync. */
export const twoWayErrors = defineErrors({
  ATPROTO_TWO_WAY_OPTION_INVALID: {
    message: 'The two-way option {option} cannot be {value}.',
    help: 'Pass a value of the documented type and range.',
    status: 400,
  },
  ATPROTO_TWO_WAY_NO_CONFLICT: {
    message: 'The item {id} of {mapping} has no conflict to be decided.',
    help: 'Somebody else has decided it, or the two sides have come to agree: read the conflicts again.',
    status: 409,
  },
  ATPROTO_TWO_WAY_DECISION_INVALID: {
    message: 'The conflict of {id} of {mapping} cannot be decided like that: {reason}.',
    help: 'Decide for one of the two sides, or pass an item with the same id.',
    status: 400,
  },
})
