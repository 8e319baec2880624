import { decodeMultibase, formatDidKey, type Curve } from '../codec/index.ts'
import { signatureErrors } from './errors.ts'
import { importPublicKey } from './public-key.ts'

/** How identity documents write a key. */
export interface DocumentKey {
  /** `Multikey`, or one of the two older types of verification methods. */
  readonly type: string
  readonly publicKeyMultibase: string
}

const olderTypes: Readonly<Record<string, Curve>> = {
  EcdsaSecp256r1VerificationKey2019: 'p256',
  EcdsaSecp256k1VerificationKey2019: 'k256',
}

/**
 * The did:key of a key in an identity document. The older types carry the bare point, often uncompressed.
 *
 * @throws `ATPROTO_KEY_INVALID`, `ATPROTO_DID_KEY_INVALID`, `ATPROTO_MULTIBASE_INVALID`
 * @example
 * ```ts
 * import { didKeyOfDocument } from '@exprsn/atproto/crypto'
 *
 * const publicKeyMultibase = 'zQ3shdADPnggw3JH3JFg2parVSUsf2T9CLKKNBxViuc94PNsm'
 * console.log(didKeyOfDocument({ type: 'Multikey', publicKeyMultibase }))
 * ```
 */
export function didKeyOfDocument({ type, publicKeyMultibase }: DocumentKey): string {
  if (type === 'Multikey') return `did:key:${publicKeyMultibase}`
  const curve = olderTypes[type]
  if (curve === undefined) throw signatureErrors.ATPROTO_KEY_INVALID({ reason: `its type ${type} is unknown` })
  const point = decodeMultibase(publicKeyMultibase)
  // The import proves that the point is on the curve, before its y is dropped.
  importPublicKey({ curve, bytes: point })
  const compressed = point.length === 65 ? Uint8Array.of(2 + (point[64]! & 1), ...point.subarray(1, 33)) : point
  return formatDidKey({ curve, bytes: compressed })
}
