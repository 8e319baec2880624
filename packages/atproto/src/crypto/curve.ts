import type { Curve } from '../codec/index.ts'

/** What OpenSSL and the low-S rule need to know of a curve. */
export interface CurveParameters {
  /** The name in OpenSSL. */
  readonly openssl: string
  /** The order of the base point, big-endian. */
  readonly order: bigint
  /** Half the order: the largest s that a signature may have. */
  readonly halfOrder: Uint8Array
  /** DER of the AlgorithmIdentifier. */
  readonly algorithm: Uint8Array
  /** DER of a SubjectPublicKeyInfo up to the 33 bytes of a compressed point. */
  readonly spki: Uint8Array
  /** The same up to the 65 bytes of an uncompressed point. */
  readonly uncompressedSpki: Uint8Array
}

/** Orders from SEC 2, version 2, sections 2.4.1 and 2.4.2; object identifiers from RFC 5480 and SEC 2, appendix A. */
export const curves: Readonly<Record<Curve, CurveParameters>> = {
  p256: parameters(
    'prime256v1',
    0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    '06082a8648ce3d030107',
  ),
  k256: parameters('secp256k1', 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n, '06052b8104000a'),
}

function parameters(openssl: string, order: bigint, curveId: string): CurveParameters {
  const identifiers = Buffer.from(`06072a8648ce3d0201${curveId}`, 'hex')
  const algorithm = Uint8Array.from([0x30, identifiers.length, ...identifiers])
  return {
    openssl,
    order,
    algorithm,
    halfOrder: scalarBytes(order / 2n),
    spki: spkiPrefix(algorithm, 33),
    uncompressedSpki: spkiPrefix(algorithm, 65),
  }
}

function spkiPrefix(algorithm: Uint8Array, pointLength: number): Uint8Array {
  const content = [...algorithm, 0x03, pointLength + 1, 0]
  return Uint8Array.from([0x30, content.length + pointLength, ...content])
}

/** A number as 32 bytes, big-endian. */
export function scalarBytes(scalar: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex'))
}
