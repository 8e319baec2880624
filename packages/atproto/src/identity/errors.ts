import { defineErrors } from '@exprsn/core'

/** What goes wrong with identities. */
export const identityErrors = defineErrors({
  ATPROTO_HANDLE_UNRESOLVED: {
    message: 'The handle {handle} leads to no account: {reason}.',
    help: 'Its owner sets a TXT record _atproto.<handle> with did=<did>, or serves the DID at /.well-known/atproto-did. verifyHandle() tells what each method found.',
    status: 404,
  },
  ATPROTO_HANDLE_HOST_FAILED: {
    message: 'The host of the handle {handle} answers with status {status}.',
    help: 'Try again later: nobody knows now whether it serves the handle.',
    retryable: true,
    status: 502,
  },
  ATPROTO_DID_UNSUPPORTED: {
    message: 'The DID {did} cannot be resolved: {reason}.',
    help: 'The AT Protocol knows did:plc, and did:web of a host name without a path.',
    status: 400,
  },
  ATPROTO_DID_NOT_FOUND: {
    message: 'There is no identity {did}.',
    help: 'Check the DID. Where it was found may be out of date.',
    status: 404,
  },
  ATPROTO_DID_TOMBSTONED: {
    message: 'The identity {did} has been given up by its owner.',
    help: 'Treat the account as deleted: a tombstone is final after 72 hours.',
    status: 410,
  },
  ATPROTO_DID_UNRESOLVED: {
    message: 'The identity {did} could not be fetched: {reason}.',
    help: 'See the cause. Try again later if its host was not reached.',
    retryable: true,
    status: 502,
  },
  ATPROTO_DID_DOCUMENT_INVALID: {
    message: 'The document of {did} is invalid: {reason}.',
    help: 'Its host is at fault. Do not fall back to another document.',
    status: 502,
  },
  ATPROTO_DNS_FAILED: {
    message: 'The name server did not answer for {name}: {reason}.',
    help: 'Check the addresses of the name servers and that UDP and TCP port 53 are open, or pass a resolver of your own.',
    retryable: true,
    status: 502,
  },
  ATPROTO_PLC_OPERATION_INVALID: {
    message: 'The operation is invalid: {reason}.',
    help: 'It takes 1 to 10 different rotation keys, keys as did:key, names as text, and a signature as base64url.',
    status: 400,
  },
  ATPROTO_PLC_LOG_INVALID: {
    message: 'The log of {did} is invalid at entry {index}: {reason}.',
    help: 'Trust nothing of it: the directory is at fault, or something between. Compare it with another copy of the log.',
    status: 502,
  },
  ATPROTO_PLC_CHANGE_REFUSED: {
    message: 'The change of {did} is refused: {reason}.',
    help: 'Run it with dryRun to see what would change and which keys may sign it.',
    status: 409,
  },
  ATPROTO_PLC_CONFIRMATION_MISSING: {
    message: 'Giving up {did} was not confirmed.',
    help: 'Pass confirm with the same DID. After 72 hours nobody can take a tombstone back.',
    status: 400,
  },
  ATPROTO_PLC_REJECTED: {
    message: 'The directory did not accept the operation for {did}: {reason}.',
    help: 'See the cause. Fetch the log again: another operation may have come before.',
    status: 502,
  },
  ATPROTO_KEY_UNKNOWN: {
    message: 'No key "{name}" is kept.',
    help: 'Check its name with list(), and that the store is the one it was saved in.',
    status: 404,
  },
  ATPROTO_KEY_EXISTS: {
    message: 'A key "{name}" is kept already.',
    help: 'Choose another name. Keys are never replaced: what they signed would be orphaned.',
    status: 409,
  },
  ATPROTO_KEY_NAME_INVALID: {
    message: '"{name}" cannot name a key.',
    help: 'Use 1 to 128 letters, digits and . _ : -, beginning with a letter or a digit.',
    status: 400,
  },
  ATPROTO_KEY_PURPOSE_REFUSED: {
    message: 'The key "{name}" is for {purpose}, which is not allowed here.',
    help: 'Open the custody with this purpose only where it is needed: rotation keys do not belong into a process that posts.',
    status: 403,
  },
  ATPROTO_KEY_DAMAGED: {
    message: 'The kept key "{name}" cannot be used: {reason}.',
    help: 'Restore it from a backup. Its public half in the identity document tells whether the right one came back.',
  },
  ATPROTO_VERIFICATION_INVALID: {
    message: 'Not a verification record: {reason}.',
    help: 'It takes a subject that is a DID, a handle, a displayName and a createdAt.',
    status: 400,
  },
})
