import { systemRandom } from '../random/system-random.ts'
import type { Random } from '../random/random.ts'
import { cryptoErrors } from './errors.ts'

/** 32 random bytes: as they are, in base64 (also base64url) or in hexadecimal. */
export type SecretKeyInput = Uint8Array | string

/** Bytes of every key. */
export const secretKeySize = 32

/**
 * A new secret as text: 32 random bytes in base64, for an environment variable or a file.
 *
 * @example
 * ```ts
 * import { generateSecret } from '@exprsn/core/crypto'
 *
 * console.log(generateSecret().length) // 44
 * ```
 */
export function generateSecret({ random = systemRandom }: { readonly random?: Random | undefined } = {}): string {
  const bytes = random.bytes(secretKeySize)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
  bytes.fill(0)
  return text
}

/** A copy of the 32 bytes of a key. Throws `CORE_CRYPTO_KEY_INVALID`, without the key in it. */
export function secretKeyBytes(id: string, secret: SecretKeyInput): Uint8Array {
  const bytes = typeof secret === 'string' ? decode(secret.trim()) : Uint8Array.from(secret)
  if (bytes === undefined) throw invalid(id, 'it is neither base64 nor hexadecimal text of 32 bytes')
  if (bytes.length !== secretKeySize) throw invalid(id, `it has ${bytes.length} bytes instead of ${secretKeySize}`)
  if (bytes.every((byte) => byte === bytes[0])) throw invalid(id, 'all of its bytes are equal')
  return bytes
}

function decode(text: string): Uint8Array | undefined {
  if (/^[\da-f]{64}$/i.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'))
  return /^[\w+/-]{43}=?$/.test(text) ? Uint8Array.from(Buffer.from(text, 'base64')) : undefined
}

function invalid(id: string, reason: string) {
  return cryptoErrors.CORE_CRYPTO_KEY_INVALID({ id, reason })
}
