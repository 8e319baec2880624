import { createPrivateKey, createPublicKey, ECDH, sign, type KeyObject } from 'node:crypto'
import { systemRandom, type Random } from '@exprsn/core'
import { formatDidKey, type Curve } from '../codec/index.ts'
import { curves, scalarBytes } from './curve.ts'
import { signatureErrors } from './errors.ts'

/** A private key. It never shows itself: {@link SigningKey.export} is the only way to its bytes. */
export interface SigningKey {
  readonly curve: Curve
  /** The public half, as it stands in identity documents. */
  readonly didKey: string
  /** The signature over the SHA-256 of `message`: 64 bytes with low s. */
  sign(message: Uint8Array): Uint8Array
  /** The 32 secret bytes. */
  export(): Uint8Array
}

/**
 * Makes a new key.
 *
 * @example
 * ```ts
 * import { createSigningKey } from '@exprsn/atproto/crypto'
 *
 * console.log(createSigningKey('k256').didKey.startsWith('did:key:zQ3s')) // true
 * ```
 */
export function createSigningKey(
  curve: Curve,
  { random = systemRandom }: { readonly random?: Random | undefined } = {},
): SigningKey {
  for (;;) {
    const bytes = random.bytes(32)
    if (isScalar(curve, bytes)) return importSigningKey(curve, bytes)
  }
}

/**
 * Makes a key of its 32 secret bytes.
 *
 * @throws `ATPROTO_KEY_INVALID` when they are not a number from 1 to the order of the curve − 1
 * @example
 * ```ts
 * import { createSigningKey, importSigningKey } from '@exprsn/atproto/crypto'
 *
 * const key = createSigningKey('p256')
 * console.log(importSigningKey('p256', key.export()).didKey === key.didKey) // true
 * ```
 */
export function importSigningKey(curve: Curve, bytes: Uint8Array): SigningKey {
  if (!isScalar(curve, bytes)) throw signatureErrors.ATPROTO_KEY_INVALID({ reason: 'it is not 32 bytes in range' })
  const secret = new Uint8Array(bytes)
  const { key, point } = privateKeyOf(curve, secret)
  return {
    curve,
    didKey: formatDidKey({ curve, bytes: point }),
    sign: (message) => lowS(curve, sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' })),
    export: () => new Uint8Array(secret),
  }
}

function isScalar(curve: Curve, bytes: Uint8Array): boolean {
  if (bytes.length !== 32) return false
  const scalar = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  return scalar > 0n && scalar < curves[curve].order
}

function privateKeyOf(curve: Curve, secret: Uint8Array): { readonly key: KeyObject; readonly point: Uint8Array } {
  const { openssl, algorithm } = curves[curve]
  // RFC 5958 around RFC 5915, without the public key: OpenSSL computes it.
  const inner = Buffer.concat([Buffer.from('30250201010420', 'hex'), secret])
  const content = Buffer.concat([Buffer.from('020100', 'hex'), algorithm, Buffer.from([4, inner.length]), inner])
  const der = Buffer.concat([Buffer.from([0x30, content.length]), content])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const point = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-65)
  return { key, point: new Uint8Array(ECDH.convertKey(point, openssl, undefined, undefined, 'compressed') as Buffer) }
}

/** Of the two valid values of s the one in the lower half. */
function lowS(curve: Curve, signature: Buffer): Uint8Array {
  const { order } = curves[curve]
  const s = BigInt(`0x${signature.toString('hex', 32)}`)
  const result = new Uint8Array(signature)
  if (s > order / 2n) result.set(scalarBytes(order - s), 32)
  return result
}
