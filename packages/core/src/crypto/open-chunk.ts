import { type ChunkCipher, tagSize } from './chunk-cipher.ts'
import { cryptoErrors } from './errors.ts'
import type { SealedHeader } from './sealed-header.ts'

/**
 * Opens the chunk of a number, or says what is wrong with it.
 *
 * @throws `CORE_CRYPTO_TRUNCATED`, `CORE_CRYPTO_TRAILING_BYTES`, `CORE_CRYPTO_TAMPERED`
 */
export function openChunk(
  cipher: ChunkCipher,
  header: SealedHeader,
  index: number,
  last: boolean,
  sealed: Uint8Array,
): Uint8Array {
  const plain = cipher.open(index, last, sealed)
  // An empty last chunk after others never is written: there is one way to seal a content.
  if (plain !== undefined && (plain.length > 0 || index === 0)) return plain
  throw reasonOf(cipher, header, index, last, sealed)
}

/** A chunk that opens as the opposite of what its place says tells that the end was moved. */
function reasonOf(cipher: ChunkCipher, header: SealedHeader, chunk: number, last: boolean, sealed: Uint8Array) {
  const offset = header.bytes.length + chunk * (header.chunkSize + tagSize)
  const end = offset + sealed.length
  if (last && sealed.length < tagSize) return cryptoErrors.CORE_CRYPTO_TRUNCATED({ chunk, offset: end })
  if (cipher.open(chunk, !last, sealed) === undefined) return cryptoErrors.CORE_CRYPTO_TAMPERED({ chunk, offset })
  return last
    ? cryptoErrors.CORE_CRYPTO_TRUNCATED({ chunk, offset: end })
    : cryptoErrors.CORE_CRYPTO_TRAILING_BYTES({ chunk, offset: end })
}
