import { verifySignature } from '../verify-signature.ts'

/** A message, and who is said to have signed it. */
export interface SignedMessage {
  /** The key as a did:key. */
  readonly didKey: string
  /** Its SHA-256 is what was signed. */
  readonly message: Uint8Array
  /** 64 bytes r ‖ s. */
  readonly signature: Uint8Array
}

/** What `verifySignature` says of each; false, too, for what is no key: one entry must not spoil the others. */
export function verifyAll(messages: readonly SignedMessage[]): boolean[] {
  return messages.map(({ didKey, message, signature }) => {
    try {
      return verifySignature(didKey, message, signature)
    } catch {
      return false
    }
  })
}
