import { concatBytes } from '../bytes/concat-bytes.ts'
import { ChunkAssembler } from './chunk-assembler.ts'
import { ChunkCipher, tagSize } from './chunk-cipher.ts'
import { contextBytes, type MessageContext } from './context.ts'
import { cryptoErrors } from './errors.ts'
import type { Keyring } from './keyring.ts'
import { openChunk } from './open-chunk.ts'
import { releasePiece, type PieceMemoryOptions } from './piece-memory.ts'
import type { ByteSource } from './seal-stream.ts'
import { decodeHeader, type SealedHeader } from './sealed-header.ts'

/** Options of {@link open}, {@link openStream} and {@link sealedReader}. */
export interface OpenOptions {
  /** Must hold the key that the message names. */
  readonly keyring: Keyring
  /** The context it was sealed with. @default '' */
  readonly context?: MessageContext | undefined
  /** Ends the work between two pieces: the promise or iteration rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link openStream}. */
export interface OpenStreamOptions extends OpenOptions, PieceMemoryOptions {}

/**
 * Opens what {@link sealStream} or {@link seal} made. Each piece was authenticated before it is given, and is where and what
 * it was. That nothing is missing at the end is known only when the iteration has ended without an error: act on the
 * content as a whole only then.
 *
 * @throws `CORE_CRYPTO_NOT_SEALED`, `CORE_CRYPTO_VERSION_UNSUPPORTED`, `CORE_CRYPTO_KEY_UNKNOWN`, `CORE_CRYPTO_KEY_RETIRED`,
 *   `CORE_CRYPTO_TAMPERED`, `CORE_CRYPTO_TRUNCATED`, `CORE_CRYPTO_TRAILING_BYTES`; the last three have the details `chunk`
 *   (from 0) and `offset` (of the sealed bytes).
 * @example
 * ```ts
 * import { createKeyring, generateSecret, openStream, sealStream } from '@exprsn/core/crypto'
 *
 * const keyring = createKeyring({ keys: [{ id: 'main', secret: generateSecret() }] })
 * let bytes = 0
 * for await (const piece of openStream(sealStream([new Uint8Array(100_000)], { keyring }), { keyring })) bytes += piece.length
 * console.log(bytes) // 100000
 * ```
 */
export async function* openStream(
  source: ByteSource,
  options: OpenStreamOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const { release = false, signal } = options
  let before: Uint8Array | undefined
  let begun: Uint8Array = new Uint8Array()
  let message: OpenMessage | undefined
  signal?.throwIfAborted()
  for await (const piece of source) {
    signal?.throwIfAborted()
    let rest = piece
    if (message === undefined) {
      begun = concatBytes([begun, piece])
      const header = decodeHeader(begun)
      if (header === undefined) continue
      message = await openMessage(header, options)
      rest = begun.subarray(header.bytes.length)
    }
    for (const chunk of message.chunks.push(rest)) {
      const plain = openChunk(message.cipher, message.header, message.index++, false, chunk)
      yield plain
      if (release && before !== undefined) releasePiece(before)
      before = plain
    }
  }
  signal?.throwIfAborted()
  if (message === undefined) throw cryptoErrors.CORE_CRYPTO_TRUNCATED({ chunk: 0, offset: begun.length })
  const last = openChunk(message.cipher, message.header, message.index, true, message.chunks.finish())
  if (last.length > 0) yield last
}

interface OpenMessage {
  readonly header: SealedHeader
  readonly cipher: ChunkCipher
  readonly chunks: ChunkAssembler
  index: number
}

async function openMessage(header: SealedHeader, { keyring, context, signal }: OpenOptions): Promise<OpenMessage> {
  const key = await keyring.openingKey(header.keyId, { signal })
  return {
    header,
    cipher: new ChunkCipher(key, header, contextBytes(context)),
    chunks: new ChunkAssembler(header.chunkSize + tagSize),
    index: 0,
  }
}
