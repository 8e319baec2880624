import { cryptoErrors } from './errors.ts'

/** What stands in front of the chunks of a sealed message. */
export interface SealedHeader {
  /** Names the key of the keyring. */
  readonly keyId: string
  /** Bytes of plaintext per chunk: a power of two. */
  readonly chunkSize: number
  /** 32 random bytes that make the message's key its own. */
  readonly salt: Uint8Array
  /** The header as it stands in the message: it is authenticated with every chunk. */
  readonly bytes: Uint8Array
}

/** "EXS" and the format's version. */
const magic = [0x45, 0x58, 0x53] as const
const version = 1
const fixedSize = 6
/** Bytes of {@link SealedHeader.salt}. */
export const saltSize = 32
/** Of plaintext per chunk: 2¹⁰ to 2²⁴ bytes. */
const chunkExponents = { least: 10, most: 24 } as const
const longestKeyId = 64
/** The most bytes that a header can have. */
export const longestHeader: number = fixedSize + longestKeyId + saltSize

/**
 * Writes a header: `45 58 53` ("EXS"), version `01`, log₂ of the chunk size (1 byte), length of the key id (1 byte), key id
 * (ASCII), salt (32 bytes).
 */
export function encodeHeader(keyId: string, chunkSize: number, salt: Uint8Array): SealedHeader {
  const exponent = Math.log2(chunkSize)
  if (!Number.isInteger(exponent) || exponent < chunkExponents.least || exponent > chunkExponents.most)
    throw cryptoErrors.CORE_CRYPTO_OPTION_INVALID({
      option: 'chunkSize',
      reason: `it must be a power of two from ${2 ** chunkExponents.least} to ${2 ** chunkExponents.most}`,
    })
  const bytes = new Uint8Array(fixedSize + keyId.length + saltSize)
  bytes.set([...magic, version, exponent, keyId.length])
  bytes.set(Buffer.from(keyId, 'latin1'), fixedSize)
  bytes.set(salt, fixedSize + keyId.length)
  return { keyId, chunkSize, salt, bytes }
}

/**
 * Reads the header at the start of a message; undefined when more bytes are needed.
 *
 * @throws `CORE_CRYPTO_NOT_SEALED` and `CORE_CRYPTO_VERSION_UNSUPPORTED` as soon as the bytes cannot become a header.
 */
export function decodeHeader(message: Uint8Array): SealedHeader | undefined {
  const wrong = magic.findIndex((byte, index) => index < message.length && message[index] !== byte)
  if (wrong >= 0) throw notSealed('another file type', wrong)
  if (message.length < fixedSize) return undefined
  const [, , , found, exponent = 0, idLength = 0] = message
  if (found !== version) throw cryptoErrors.CORE_CRYPTO_VERSION_UNSUPPORTED({ version: found })
  if (exponent < chunkExponents.least || exponent > chunkExponents.most) throw notSealed('an impossible chunk size', 4)
  if (idLength < 1 || idLength > longestKeyId) throw notSealed('an impossible key name', 5)
  const end = fixedSize + idLength + saltSize
  if (message.length < end) return undefined
  const bytes = message.slice(0, end)
  const keyId = Buffer.from(bytes.subarray(fixedSize, fixedSize + idLength)).toString('latin1')
  if (!isKeyId(keyId)) throw notSealed('an impossible key name', fixedSize)
  return { keyId, chunkSize: 2 ** exponent, salt: bytes.subarray(fixedSize + idLength), bytes }
}

/** Whether a text can name a key: 1 to 64 letters, digits, `.`, `_`, `:`, `/` and `-`. */
export function isKeyId(text: string): boolean {
  return /^[\w.:/-]{1,64}$/.test(text)
}

function notSealed(reason: string, offset: number) {
  return cryptoErrors.CORE_CRYPTO_NOT_SEALED({ reason, offset })
}
