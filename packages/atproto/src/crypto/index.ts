/**
 * Keys and signatures of the AT Protocol: P-256 and K-256, low s only.
 *
 * @packageDocumentation
 */
export { createBatchVerifier, type BatchVerifier, type BatchVerifierOptions } from './batch/create-batch-verifier.ts'
export type { SignedMessage } from './batch/verify-all.ts'
export { didKeyOfDocument, type DocumentKey } from './document-key.ts'
export { signatureErrors } from './errors.ts'
export { useNativeK256, type Secp256k1Like } from './native-k256.ts'
export { createSigningKey, importSigningKey, type SigningKey } from './signing-key.ts'
export { signatureLength, verifySignature } from './verify-signature.ts'
