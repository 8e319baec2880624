/**
 * Encryption at rest: streaming AEAD over AES-256-GCM with random access, keyrings with rotation, and the port of key
 * management services.
 *
 * @packageDocumentation
 */
export type { MessageContext } from './context.ts'
export { createKeyring, type KeyringOptions, type PlainKey } from './create-keyring.ts'
export { cryptoErrors } from './errors.ts'
export type { KeyDescription, Keyring, KeyringCallOptions, MessageKey } from './keyring.ts'
export type { KeyringDocument, SavedKey } from './keyring-document.ts'
export type { Kms, KmsCallOptions, WrappedKey } from './kms.ts'
export { localKms, type LocalKmsKey, type LocalKmsOptions } from './local-kms.ts'
export { open } from './open.ts'
export { openStream, type OpenOptions, type OpenStreamOptions } from './open-stream.ts'
export type { PieceMemoryOptions } from './piece-memory.ts'
export { seal } from './seal.ts'
export { sealedReader, type RandomAccessSource, type SealedReader, type SealedReaderOptions } from './sealed-reader.ts'
export { sealStream, type ByteSource, type SealOptions, type SealStreamOptions } from './seal-stream.ts'
export { generateSecret, type SecretKeyInput } from './secret-key.ts'
