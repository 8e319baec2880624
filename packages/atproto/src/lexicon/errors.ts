import { defineErrors } from '@exprsn/core'

/** What goes wrong with lexicons and with records that should follow them. */
export const lexiconErrors = defineErrors({
  ATPROTO_LEXICON_INVALID: {
    message: 'The lexicon {id} is invalid at {path}: {reason}.',
    help: 'Correct the document; the lexicon specification says what each type takes.',
    status: 400,
  },
  ATPROTO_LEXICON_UNKNOWN: {
    message: 'There is no lexicon {name}.',
    help: 'Pass its document to createLexicons, or check the name.',
    status: 404,
  },
  ATPROTO_RECORD_INVALID: {
    message: 'The record does not follow {collection} at {path}: {reason}.',
    help: 'Correct the field. See details.issues for everything that was found.',
    status: 400,
  },
})
