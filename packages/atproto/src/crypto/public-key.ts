import { createPublicKey, type KeyObject } from 'node:crypto'
import { parseDidKey, type Curve, type PublicKeyBytes } from '../codec/index.ts'
import { curves } from './curve.ts'
import { signatureErrors } from './errors.ts'

/** A public key that is ready to verify. */
export interface PublicKey {
  readonly curve: Curve
  readonly key: KeyObject
  /** The point as it came. */
  readonly point: Uint8Array
}

const maximumKept = 4096
const kept = new Map<string, PublicKey>()

/**
 * The key of a did:key, made once and kept for the last 4096 keys: parsing a compressed point takes about as long as a
 * verification.
 */
export function publicKeyOf(didKey: string): PublicKey {
  const known = kept.get(didKey)
  if (known !== undefined) return known
  const made = importPublicKey(parseDidKey(didKey))
  if (kept.size >= maximumKept) kept.delete(kept.keys().next().value!)
  kept.set(didKey, made)
  return made
}

/** The key object of a compressed point. OpenSSL refuses one that is not on its curve. */
export function importPublicKey({ curve, bytes }: PublicKeyBytes): PublicKey {
  const key = Buffer.concat([bytes.length === 65 ? curves[curve].uncompressedSpki : curves[curve].spki, bytes])
  try {
    return { curve, point: bytes, key: createPublicKey({ key, format: 'der', type: 'spki' }) }
  } catch (cause) {
    throw signatureErrors.ATPROTO_KEY_INVALID({ reason: `it is not a point of ${curve}` }, { cause })
  }
}
