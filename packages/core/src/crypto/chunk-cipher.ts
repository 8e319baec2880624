import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { MessageKey } from './keyring.ts'
import type { SealedHeader } from './sealed-header.ts'

/** Bytes that authenticate one chunk. */
export const tagSize = 16
/** Chunks of one message: their number has 32 bits. */
export const mostChunks: number = 2 ** 32

const keySize = 32
const prefixSize = 7
const algorithm = 'aes-256-gcm'
const purpose = Buffer.from('exprsn sealed message v1\0')

/**
 * The cipher of one message, after STREAM (Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and
 * its Nonce-Reuse Misuse-Resistance", 2015): the nonce of a chunk is a prefix of the message (7 bytes), the chunk's number
 * (4 bytes, big-endian) and 1 for the last chunk, else 0. So a chunk opens only in its place, and the last one only as
 * the last.
 *
 * A key object instead of its bytes makes a chunk a quarter cheaper: the key schedule's input is not copied each time.
 */
export class ChunkCipher {
  readonly #key: KeyObject
  readonly #nonce = Buffer.alloc(12)
  readonly #authenticated: Uint8Array

  constructor(key: MessageKey, header: SealedHeader, context: Uint8Array) {
    const derived = key.derive(header.salt, Buffer.concat([purpose, header.bytes]), keySize + prefixSize)
    this.#key = createSecretKey(derived.subarray(0, keySize))
    this.#nonce.set(derived.subarray(keySize))
    derived.fill(0)
    this.#authenticated = Buffer.concat([header.bytes, context])
  }

  /** The ciphertext and the tag that follows it. They are not joined: copying them would cost a third of the speed. */
  seal(index: number, last: boolean, plain: Uint8Array): readonly [ciphertext: Uint8Array, tag: Uint8Array] {
    const cipher = createCipheriv(algorithm, this.#key, this.#nonceOf(index, last))
    cipher.setAAD(this.#authenticated)
    const ciphertext = cipher.update(plain)
    cipher.final()
    return [ciphertext, cipher.getAuthTag()]
  }

  /** The plaintext of a ciphertext with its tag; undefined when they do not belong together, or not here. */
  open(index: number, last: boolean, sealed: Uint8Array): Uint8Array | undefined {
    if (sealed.length < tagSize) return undefined
    const border = sealed.length - tagSize
    const decipher = createDecipheriv(algorithm, this.#key, this.#nonceOf(index, last), { authTagLength: tagSize })
    decipher.setAAD(this.#authenticated)
    decipher.setAuthTag(sealed.subarray(border))
    const plain = decipher.update(sealed.subarray(0, border))
    try {
      decipher.final()
      return plain
    } catch {
      plain.fill(0)
      return undefined
    }
  }

  #nonceOf(index: number, last: boolean): Buffer {
    this.#nonce.writeUInt32BE(index, prefixSize)
    this.#nonce[prefixSize + 4] = last ? 1 : 0
    return this.#nonce
  }
}
