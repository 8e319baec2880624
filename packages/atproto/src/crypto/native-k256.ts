import { hash } from 'node:crypto'
import { parseDidKey } from '../codec/index.ts'
import { signatureErrors } from './errors.ts'
import { importSigningKey } from './signing-key.ts'

/** The part of the npm package `secp256k1` that is needed. */
export interface Secp256k1Like {
  /** @returns false, or throws, when the signature is not by the key */
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean
}

let native: Secp256k1Like | undefined

/**
 * Verifies K-256 signatures of this process with libsecp256k1 from now on, in less than half of the time that our own code
 * takes: `npm i secp256k1` (5.0.2 brings binaries for Linux x64, macOS arm64 and Windows; elsewhere it may fall back to
 * JavaScript, which is far slower). What is accepted stays the same. `undefined` goes back.
 *
 * @throws `ATPROTO_KEY_INVALID` when it does not tell a right signature from a wrong one
 * @example
 * ```ts no-run
 * import secp256k1 from 'secp256k1'
 * import { useNativeK256 } from '@exprsn/atproto/crypto'
 *
 * useNativeK256(secp256k1)
 * ```
 */
export function useNativeK256(secp256k1: Secp256k1Like | undefined): void {
  if (secp256k1 !== undefined && !isTrustworthy(secp256k1))
    throw signatureErrors.ATPROTO_KEY_INVALID({ reason: 'the native library does not verify as it should' })
  native = secp256k1
}

/** Verifies with the library that was given; undefined when there is none. The caller has checked length and low s. */
export function verifyNatively(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean | undefined {
  return native === undefined ? undefined : ask(native, publicKey, message, signature)
}

function ask(library: Secp256k1Like, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    // The binding takes plain byte arrays alone.
    const plain = signature.constructor === Uint8Array ? signature : new Uint8Array(signature)
    return library.ecdsaVerify(plain, sha256Of(message), publicKey)
  } catch {
    // It throws for an r or s that is zero or not below the order.
    return false
  }
}

function sha256Of(message: Uint8Array): Uint8Array {
  return new Uint8Array(hash('sha256', message, 'buffer'))
}

function isTrustworthy(library: Secp256k1Like): boolean {
  const key = importSigningKey('k256', new Uint8Array(32).fill(1))
  const { bytes } = parseDidKey(key.didKey)
  const message = new Uint8Array(3)
  const signature = key.sign(message)
  const wrong = signature.with(40, signature[40]! ^ 1)
  return ask(library, bytes, message, signature) && !ask(library, bytes, message, wrong)
}
