import { decodeMultibase, encodeMultibase } from './multibase.ts'
import { codecErrors } from './errors.ts'

/** The elliptic curves that sign in the AT Protocol. */
export type Curve = 'p256' | 'k256'

/** A public key as it stands in identity documents. */
export interface PublicKeyBytes {
  readonly curve: Curve
  /** The point in compressed form: 33 bytes. */
  readonly bytes: Uint8Array
}

// Multicodec: 0x1200 for P-256 and 0xe7 for secp256k1, both as varints of two bytes.
const prefixes = { p256: [0x80, 0x24], k256: [0xe7, 0x01] } as const

/**
 * Writes a public key as a did:key.
 *
 * @throws `ATPROTO_DID_KEY_INVALID`
 * @example
 * ```ts
 * import { formatDidKey, parseDidKey } from '@exprsn/atproto/codec'
 *
 * const key = parseDidKey('did:key:zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo')
 * console.log(key.curve, formatDidKey(key)) // p256 did:key:zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo
 * ```
 */
export function formatDidKey({ curve, bytes }: PublicKeyBytes): string {
  checkCompressed(bytes)
  return `did:key:${encodeMultibase('base58btc', Uint8Array.from([...prefixes[curve], ...bytes]))}`
}

/**
 * Reads a did:key. That the point lies on its curve is found when the key is used.
 *
 * @throws `ATPROTO_DID_KEY_INVALID`
 * @example
 * ```ts
 * import { parseDidKey } from '@exprsn/atproto/codec'
 *
 * console.log(parseDidKey('did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme').curve) // k256
 * ```
 */
export function parseDidKey(text: string): PublicKeyBytes {
  if (!text.startsWith('did:key:z'))
    throw codecErrors.ATPROTO_DID_KEY_INVALID({ reason: 'it does not begin with did:key:z' })
  const bytes = decodeMultikey(text.slice('did:key:'.length))
  const curve = (['p256', 'k256'] as const).find((name) => prefixes[name].every((byte, index) => bytes[index] === byte))
  if (curve === undefined) throw codecErrors.ATPROTO_DID_KEY_INVALID({ reason: 'its curve is neither P-256 nor K-256' })
  const point = bytes.slice(2)
  checkCompressed(point)
  return { curve, bytes: point }
}

function decodeMultikey(text: string): Uint8Array {
  try {
    return decodeMultibase(text)
  } catch (cause) {
    throw codecErrors.ATPROTO_DID_KEY_INVALID({ reason: 'it is not base58' }, { cause })
  }
}

function checkCompressed(point: Uint8Array): void {
  if (point.length !== 33 || (point[0] !== 2 && point[0] !== 3)) {
    throw codecErrors.ATPROTO_DID_KEY_INVALID({ reason: 'its point is not in compressed form' })
  }
}
