import { defineErrors } from '@exprsn/core'

/** What goes wrong while reading and writing the encodings of the AT Protocol. */
export const codecErrors = defineErrors({
  ATPROTO_CBOR_INVALID: {
    message: 'Not canonical DAG-CBOR at byte {offset}: {reason}.',
    help: 'The bytes are damaged, or their producer does not follow the data model of the AT Protocol. Do not repair them: their hash would change.',
    status: 400,
  },
  ATPROTO_CBOR_LIMIT: {
    message: 'DAG-CBOR exceeds the limit {limit} ({maximum}) at byte {offset}.',
    help: 'Raise the limit in the options if data of this size is expected from this source.',
    status: 413,
  },
  ATPROTO_VALUE_UNENCODABLE: {
    message: 'The value at {path} cannot be encoded: {reason}.',
    help: 'The data model knows null, booleans, safe integers, well-formed text, bytes, Cid, arrays and plain objects.',
    status: 400,
  },
  ATPROTO_CID_INVALID: {
    message: 'Not a CID of the AT Protocol: {reason}.',
    help: 'It takes version 1, the codec dag-cbor or raw, and a SHA-256 of 32 bytes, as base32 text that begins with "b".',
    status: 400,
  },
  ATPROTO_CAR_INVALID: {
    message: 'Not a valid CAR at byte {offset}: {reason}.',
    help: 'Fetch the archive again; when it stays so, its producer is at fault.',
    status: 400,
  },
  ATPROTO_CAR_LIMIT: {
    message: 'The CAR exceeds the limit {limit} ({maximum}) at byte {offset}.',
    help: 'Raise the limit in the options if archives of this size are expected from this source.',
    status: 413,
  },
  ATPROTO_TID_INVALID: {
    message: '"{value}" is not a TID.',
    help: 'A TID has 13 characters of 234567abcdefghijklmnopqrstuvwxyz, the first of them at most "j".',
    status: 400,
  },
  ATPROTO_MULTIBASE_INVALID: {
    message: 'Not multibase text: {reason}.',
    help: 'It takes base58btc ("z"), base32 ("b"), base16 ("f") or base64url ("u").',
    status: 400,
  },
  ATPROTO_DID_KEY_INVALID: {
    message: 'Not a did:key of the AT Protocol: {reason}.',
    help: 'It takes a compressed P-256 or K-256 public key, as in did:key:zDn… or did:key:zQ3s….',
    status: 400,
  },
  ATPROTO_JSON_INVALID: {
    message: 'The JSON at {path} is not in the data model: {reason}.',
    help: 'Links are {"$link": cid}, bytes {"$bytes": base64}, and $type is text that is not empty.',
    status: 400,
  },
})
