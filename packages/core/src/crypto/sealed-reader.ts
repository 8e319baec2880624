import { concatBytes } from '../bytes/concat-bytes.ts'
import { ChunkCipher, tagSize } from './chunk-cipher.ts'
import { contextBytes } from './context.ts'
import { cryptoErrors } from './errors.ts'
import { openChunk } from './open-chunk.ts'
import type { OpenOptions } from './open-stream.ts'
import { decodeHeader, longestHeader, type SealedHeader } from './sealed-header.ts'

/** Sealed bytes that can be read from anywhere: a file, an object store with ranges. */
export interface RandomAccessSource {
  /** Bytes of the sealed message. */
  readonly size: number
  /** The bytes from `start` (included) to `end` (excluded); all of them, or it throws. */
  readonly read: (start: number, end: number) => Promise<Uint8Array>
}

/** Options of {@link sealedReader}. */
export interface SealedReaderOptions extends OpenOptions {
  /** The sealed bytes. */
  readonly source: RandomAccessSource
}

/** A sealed message of which any part can be read alone. */
export interface SealedReader {
  /** Bytes of plaintext. */
  readonly size: number
  /** The plaintext from `start` (included) to `end` (excluded). Throws `CORE_CRYPTO_TAMPERED`, `CORE_CRYPTO_RANGE_INVALID`. */
  read(start: number, end: number): Promise<Uint8Array>
}

/**
 * Opens a sealed message for reading parts of it. The last chunk is authenticated at once, so that the size is true and
 * nothing was cut off; other chunks are read and authenticated when a range needs them.
 *
 * @throws the errors of {@link openStream}, and what the source throws.
 * @example
 * ```ts
 * import { createKeyring, generateSecret, seal, sealedReader } from '@exprsn/core/crypto'
 *
 * const keyring = createKeyring({ keys: [{ id: 'main', secret: generateSecret() }] })
 * const sealed = await seal(Buffer.from('one two three'), { keyring })
 * const source = { size: sealed.length, read: async (start: number, end: number) => sealed.subarray(start, end) }
 * const reader = await sealedReader({ source, keyring })
 * console.log(reader.size, Buffer.from(await reader.read(4, 7)).toString()) // 13 two
 * ```
 */
export async function sealedReader(options: SealedReaderOptions): Promise<SealedReader> {
  const { source, keyring, context, signal } = options
  signal?.throwIfAborted()
  const header = decodeHeader(await readExactly(source, 0, Math.min(longestHeader, source.size)))
  if (header === undefined) throw cryptoErrors.CORE_CRYPTO_TRUNCATED({ chunk: 0, offset: source.size })
  const cipher = new ChunkCipher(await keyring.openingKey(header.keyId, { signal }), header, contextBytes(context))
  const layout = layoutOf(header, source.size)

  const readChunk = async (index: number): Promise<Uint8Array> => {
    signal?.throwIfAborted()
    const start = header.bytes.length + index * layout.sealedChunk
    const sealed = await readExactly(source, start, Math.min(start + layout.sealedChunk, source.size))
    return openChunk(cipher, header, index, index === layout.last, sealed)
  }
  await readChunk(layout.last)

  return {
    size: layout.size,
    async read(start, end) {
      if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= layout.size))
        throw cryptoErrors.CORE_CRYPTO_RANGE_INVALID({ start, end, size: layout.size })
      const parts: Uint8Array[] = []
      for (let index = Math.floor(start / header.chunkSize); index * header.chunkSize < end; index++) {
        const offset = index * header.chunkSize
        const chunk = await readChunk(index)
        parts.push(chunk.subarray(Math.max(0, start - offset), end - offset))
      }
      return concatBytes(parts)
    },
  }
}

/** Where the chunks lie, by the sealed size alone. */
function layoutOf(header: SealedHeader, sealedSize: number) {
  const sealedChunk = header.chunkSize + tagSize
  const body = sealedSize - header.bytes.length
  const last = Math.max(0, Math.ceil(body / sealedChunk) - 1)
  return { sealedChunk, last, size: body - (last + 1) * tagSize }
}

async function readExactly(source: RandomAccessSource, start: number, end: number): Promise<Uint8Array> {
  const bytes = await source.read(start, end)
  if (bytes.length !== end - start) throw cryptoErrors.CORE_CRYPTO_TRUNCATED({ chunk: 0, offset: start + bytes.length })
  return bytes
}
