import type { SealingKey } from '../../seal/index.ts'

/** The keys of a repository: AES-256 for content, and the two halves of Poly1305-AES for authenticators. */
export type MasterKey = SealingKey

/** A key from 64 bytes, in the order in which restic cuts the output of scrypt. */
export function masterKeyOf(bytes: Uint8Array): MasterKey {
  return { encrypt: bytes.slice(0, 32), macK: bytes.slice(32, 48), macR: bytes.slice(48, 64) }
}
