import { defineErrors } from '@exprsn/core'

/** What goes wrong while serving identities. */
export const servingErrors = defineErrors({
  ATPROTO_HANDLE_NOT_SERVED: {
    message: 'There is no account for {host}.',
    help: 'Check the name. If it should have one, look at what didOf and documentOf answer for it.',
    status: 404,
  },
  ATPROTO_SERVED_DID_INVALID: {
    message: 'What should be served for {host} is not its DID: {did}.',
    help: 'didOf gives a DID, and documentOf a document whose id is the DID it was asked for.',
  },
  ATPROTO_SETTINGS_UNKNOWN: {
    message: 'There is no {what} {name}.',
    help: 'Read the list again.',
    status: 404,
  },
  ATPROTO_QUERY_INVALID: {
    message: 'The parameter {name} is not usable: {reason}.',
    help: 'Look at the description of the method.',
    status: 400,
  },
})
