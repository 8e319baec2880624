import { defineErrors } from '@exprsn/core'

/** What goes wrong with identifiers. */
export const syntaxErrors = defineErrors({
  ATPROTO_SYNTAX_INVALID: {
    message: '"{value}" is not a {format}.',
    help: 'Check it for typing errors, spaces around it and a missing part.',
    status: 400,
  },
})
