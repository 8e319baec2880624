import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import type { RoundTrip } from './round-trip.ts'

/** Nothing but `node:crypto`: AES-256-GCM over the same chunks with a counter as nonce, and no format at all. */
export function rawRoundTrip(): RoundTrip {
  const key = createSecretKey(randomBytes(32))
  const nonce = Buffer.alloc(12)
  return async (pieces, sink) => {
    for (const [index, piece] of pieces.entries()) {
      nonce.writeUInt32BE(index, 8)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const ciphertext = cipher.update(piece)
      cipher.final()
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
      decipher.setAuthTag(cipher.getAuthTag())
      const plain = decipher.update(ciphertext)
      decipher.final()
      sink(plain)
    }
  }
}
