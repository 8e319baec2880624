import { verify, type KeyObject, type VerifyKeyObjectInput } from 'node:crypto'
import { curves } from './curve.ts'
import { isSignedByKernel } from './k256/verify-k256.ts'
import { verifyNatively } from './native-k256.ts'
import { publicKeyOf } from './public-key.ts'

/** Bytes of a signature: r and s. */
export const signatureLength = 64

// Kept per key: an options object for every call would be garbage at the rate of the firehose.
const inputs = new WeakMap<KeyObject, VerifyKeyObjectInput>()

/**
 * Whether a signature over the SHA-256 of `message` is by the key: 64 bytes r ‖ s with s in the lower half of the order, as
 * the AT Protocol requires. OpenSSL alone would accept the other half, and so a second signature for every message.
 *
 * @throws `ATPROTO_DID_KEY_INVALID`, `ATPROTO_KEY_INVALID`
 * @example
 * ```ts
 * import { createSigningKey, verifySignature } from '@exprsn/atproto/crypto'
 *
 * const key = createSigningKey('k256')
 * const message = new TextEncoder().encode('hello')
 * console.log(verifySignature(key.didKey, message, key.sign(message))) // true
 * ```
 */
export function verifySignature(didKey: string, message: Uint8Array, signature: Uint8Array): boolean {
  const { curve, key, point } = publicKeyOf(didKey)
  if (signature.length !== signatureLength || !isLowS(signature, curves[curve].halfOrder)) return false
  if (curve === 'k256') {
    const natively = verifyNatively(point, message, signature)
    if (natively !== undefined) return natively
    // What the kernel refuses, OpenSSL judges: it is seldom asked, and no right signature hangs on our arithmetic alone.
    if (isSignedByKernel(key, message, signature)) return true
  }
  return verify('sha256', message, inputOf(key), signature)
}

function inputOf(key: KeyObject): VerifyKeyObjectInput {
  let input = inputs.get(key)
  if (input === undefined) inputs.set(key, (input = { key, dsaEncoding: 'ieee-p1363' }))
  return input
}

/** Whether the second half of the signature is at most `halfOrder`. */
function isLowS(signature: Uint8Array, halfOrder: Uint8Array): boolean {
  for (let index = 0; index < 32; index++) {
    const difference = signature[32 + index]! - halfOrder[index]!
    if (difference !== 0) return difference < 0
  }
  return true
}
