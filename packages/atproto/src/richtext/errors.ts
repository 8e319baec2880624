import { defineErrors } from '@exprsn/core'

/** What goes wrong with rich text. */
export const richtextErrors = defineErrors({
  ATPROTO_RICHTEXT_SPAN_INVALID: {
    message: 'The span {index} of the text is invalid: {reason}.',
    help: 'Spans lie within the text, in order, do not overlap, and do not cut a character in two.',
    status: 400,
  },
  ATPROTO_RICHTEXT_LIMIT_INVALID: {
    message: 'A post of {graphemes} graphemes and {bytes} bytes leaves no room for text beside its numbering.',
    help: 'Raise the limits, or use a shorter numbering.',
    status: 400,
  },
  ATPROTO_RICHTEXT_TOO_LONG: {
    message: 'The text is longer than the {limit} bytes that are split into posts.',
    help: 'Post a summary with a link to the whole text, or raise maxBytes.',
    status: 400,
  },
})
