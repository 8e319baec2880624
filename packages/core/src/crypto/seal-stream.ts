import { systemRandom } from '../random/system-random.ts'
import type { Random } from '../random/random.ts'
import { ChunkAssembler } from './chunk-assembler.ts'
import { ChunkCipher, mostChunks } from './chunk-cipher.ts'
import { contextBytes, type MessageContext } from './context.ts'
import { cryptoErrors } from './errors.ts'
import type { Keyring } from './keyring.ts'
import { releasePiece, type PieceMemoryOptions } from './piece-memory.ts'
import { encodeHeader, saltSize } from './sealed-header.ts'

/** Options of {@link seal} and {@link sealStream}. */
export interface SealOptions {
  /** Its primary key seals. */
  readonly keyring: Keyring
  /**
   * Authenticated but not stored, such as `invoice 17`: the message opens only with the same context, so that it cannot be
   * put in another's place.
   * @default ''
   */
  readonly context?: MessageContext | undefined
  /** Bytes of plaintext per chunk: a power of two from 1,024 to 16,777,216. @default 65536 */
  readonly chunkSize?: number | undefined
  /** Where the salt comes from. @default systemRandom */
  readonly random?: Random | undefined
  /** Ends the work between two pieces: the iteration rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link sealStream}. */
export interface SealStreamOptions extends SealOptions, PieceMemoryOptions {}

/** Bytes in pieces of any size. A piece must stay as it is until the next one was asked for twice. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** @default chunk size of new messages, in bytes of plaintext. */
const usualChunkSize = 65_536

/**
 * Encrypts and authenticates content of any length with constant memory: AES-256-GCM over chunks, each bound to its place.
 *
 * **Format, version 1.** Header: `45 58 53 01`, log₂ of the chunk size (1 byte), length of the key id (1 byte), key id
 * (ASCII), salt (32 bytes). Then the chunks, each ciphertext and a tag of 16 bytes; all but the last hold exactly the
 * chunk size, and only an empty message has an empty chunk. HKDF-SHA-256 (RFC 5869) of the keyring's key with the salt, and
 * `exprsn sealed message v1`, a zero byte and the header as info, gives 39 bytes: the AES key (32) and the nonce prefix
 * (7). The nonce of a chunk is prefix, number (4 bytes, big-endian, from 0), and 1 for the last or 0 (STREAM: Hoang,
 * Reyhanitabar, Rogaway and Vizár, 2015). Header and context are the associated data of every chunk.
 *
 * The pieces it yields are header, ciphertexts and tags as they come; join small ones if each write is expensive.
 *
 * @throws `CORE_CRYPTO_KEYRING_EMPTY`, `CORE_CRYPTO_KEY_EXHAUSTED`, `CORE_CRYPTO_OPTION_INVALID`, `CORE_CRYPTO_TOO_LONG`,
 *   and what the source throws.
 * @example
 * ```ts
 * import { createKeyring, generateSecret, openStream, sealStream } from '@exprsn/core/crypto'
 *
 * const keyring = createKeyring({ keys: [{ id: 'main', secret: generateSecret() }] })
 * const sealed = sealStream([Buffer.from('first, '), Buffer.from('second')], { keyring })
 * for await (const piece of openStream(sealed, { keyring })) console.log(Buffer.from(piece).toString()) // first, second
 * ```
 */
export async function* sealStream(
  source: ByteSource,
  options: SealStreamOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const { keyring, context, chunkSize = usualChunkSize, random = systemRandom, release = false, signal } = options
  signal?.throwIfAborted()
  const key = await keyring.sealingKey({ signal })
  const header = encodeHeader(key.id, chunkSize, random.bytes(saltSize))
  const cipher = new ChunkCipher(key, header, contextBytes(context))
  yield header.bytes

  const chunks = new ChunkAssembler(chunkSize)
  let index = 0
  for await (const piece of source) {
    signal?.throwIfAborted()
    for (const chunk of chunks.push(piece)) {
      if (index === mostChunks - 1) throw cryptoErrors.CORE_CRYPTO_TOO_LONG({ limit: mostChunks })
      const [ciphertext, tag] = cipher.seal(index++, false, chunk)
      yield ciphertext
      yield tag
      if (release) releasePiece(ciphertext)
    }
  }
  signal?.throwIfAborted()
  yield* cipher.seal(index, true, chunks.finish())
}
