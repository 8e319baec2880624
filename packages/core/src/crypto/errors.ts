import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with sealed bytes, keyrings and key management services. */
export const cryptoErrors = defineErrors({
  CORE_CRYPTO_NOT_SEALED: {
    message: 'These bytes are not a sealed message: {reason} at byte {offset}.',
    help: 'Pass what seal() or sealStream() made, from its first byte on.',
    status: 400,
  },
  CORE_CRYPTO_VERSION_UNSUPPORTED: {
    message: 'The sealed message has format version {version}, which this release does not know.',
    help: 'Open it with a newer release of the package.',
    status: 400,
  },
  CORE_CRYPTO_TAMPERED: {
    message: 'Chunk {chunk} of the sealed message, from byte {offset} on, is not what was sealed.',
    help: 'The bytes were changed, moved or belong to another context. Take another copy of the message.',
    status: 400,
  },
  CORE_CRYPTO_TRUNCATED: {
    message: 'The sealed message ends too early, in or after chunk {chunk} at byte {offset}.',
    help: 'Its end was cut off. Transfer it again, or take another copy.',
    status: 400,
  },
  CORE_CRYPTO_TRAILING_BYTES: {
    message: 'The sealed message ends with chunk {chunk}, but more bytes follow at byte {offset}.',
    help: 'Pass exactly one message: something was appended to it.',
    status: 400,
  },
  CORE_CRYPTO_TOO_LONG: {
    message: 'A message of more than {limit} chunks cannot be sealed.',
    help: 'Use larger chunks, or split the content into several messages.',
    status: 413,
  },
  CORE_CRYPTO_OPTION_INVALID: {
    message: 'The option {option} is not usable: {reason}.',
    help: 'Correct the value; its documentation names the range.',
    status: 400,
  },
  CORE_CRYPTO_RANGE_INVALID: {
    message: 'The range from {start} to {end} does not lie within the {size} bytes of the message.',
    help: 'Ask for 0 ≤ start ≤ end ≤ size.',
    status: 416,
  },
  CORE_CRYPTO_KEY_UNKNOWN: {
    message: 'The keyring has no key "{id}".',
    help: 'Load the keyring that the message was sealed with. A key that was removed makes its messages unreadable.',
  },
  CORE_CRYPTO_KEY_RETIRED: {
    message: 'The key "{id}" was retired: what it sealed can no longer be opened.',
    help: 'This is what retire() is for. Restore an older copy of the keyring if it was a mistake.',
    status: 410,
  },
  CORE_CRYPTO_KEY_IN_USE: {
    message: 'The key "{id}" seals new messages and cannot be retired.',
    help: 'Call rotate() first, and seal again what the key has sealed.',
  },
  CORE_CRYPTO_KEY_INVALID: {
    message: 'The key "{id}" is not usable: {reason}.',
    help: 'A key is 32 random bytes, as bytes, base64 or hexadecimal text. generateSecret() makes one.',
  },
  CORE_CRYPTO_KEY_EXHAUSTED: {
    message: 'The key "{id}" has sealed {limit} messages, which is its limit.',
    help: 'Call rotate(): older messages stay readable.',
  },
  CORE_CRYPTO_KEYRING_EMPTY: {
    message: 'The keyring has no key to seal with.',
    help: 'Call rotate() once to make the first key, and save what export() gives.',
  },
  CORE_CRYPTO_KEYRING_INVALID: {
    message: 'The saved keyring is not usable: {reason}.',
    help: 'Pass the document that export() gave, unchanged.',
  },
  CORE_CRYPTO_KEYRING_CLOSED: {
    message: 'The keyring was closed, and its keys were wiped.',
    help: 'Make a new keyring, or close it later.',
  },
  CORE_CRYPTO_KMS_MISSING: {
    message: 'The keyring cannot {action} without a key management service.',
    help: 'Pass kms to createKeyring(), such as localKms().',
  },
  CORE_CRYPTO_UNWRAP_FAILED: {
    message: 'The key management service key "{id}" does not open this wrapped key.',
    help: 'It was changed, belongs to another key, or the secret of this name is another one.',
  },
  CORE_CRYPTO_KMS_KEY_UNKNOWN: {
    message: 'The key management service has no key "{id}".',
    help: 'Keep old keys listed until rewrap() has moved every keyring to the new one.',
  },
  CORE_CRYPTO_SECRET_MISSING: {
    message: 'There is no secret in {source}.',
    help: 'Set it to what generateSecret() gives, and keep a copy: without it nothing can be opened.',
  },
})
