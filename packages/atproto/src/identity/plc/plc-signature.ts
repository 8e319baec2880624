import { createHash } from 'node:crypto'
import { encodeCbor, encodeMultibase } from '../../codec/index.ts'
import { verifySignature } from '../../crypto/index.ts'
import { unsignedBytes, type PlcOperation, type UnsignedPlcOperation } from './plc-operation.ts'

/** What signs operations: a `SigningKey`, or something that asks a key service. */
export interface Signer {
  /** The public half. */
  readonly didKey: string
  /** The signature over the SHA-256 of `message`: 64 bytes with low s. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** Signs an operation. */
export async function signOperation<Unsigned extends UnsignedPlcOperation>(
  unsigned: Unsigned,
  signer: Signer,
): Promise<Unsigned & { readonly sig: string }> {
  const signature = await signer.sign(unsignedBytes(unsigned))
  return { ...unsigned, sig: Buffer.from(signature).toString('base64url') }
}

/** Which of the keys signed an operation; undefined when none did, or the signature is not in its one form. */
export function signerOf(operation: PlcOperation, keys: readonly string[]): string | undefined {
  const signature = Buffer.from(operation.sig, 'base64url')
  if (signature.toString('base64url') !== operation.sig) return undefined
  const bytes = unsignedBytes(operation)
  return keys.find((key) => verifySignature(key, bytes, signature))
}

/** The identity that a first operation makes: 24 characters of the hash of the operation with its signature. */
export function didOfGenesis(operation: PlcOperation): string {
  const digest = createHash('sha256').update(encodeCbor(operation)).digest()
  return `did:plc:${encodeMultibase('base32', digest).slice(1, 25)}`
}
