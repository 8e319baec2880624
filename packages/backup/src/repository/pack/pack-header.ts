import type { BlobType, PackedBlob } from '../blob.ts'

/** Bytes of a blob's row in the plain header: type, length, id; and the length before compression when there was one. */
const plainRow = 1 + 4 + 32
const compressedRow = plainRow + 4
/** Bytes of a row at most. */
export const packHeaderRow: number = compressedRow

/** The plain header of a pack (restic's format, "Pack Format"): a row per blob in the order in which they lie. */
export function encodePackHeader(blobs: readonly PackedBlob[]): Uint8Array {
  const size = blobs.reduce((sum, blob) => sum + (blob.uncompressedLength === undefined ? plainRow : compressedRow), 0)
  const header = Buffer.alloc(size)
  let at = 0
  for (const { type, id, length, uncompressedLength } of blobs) {
    const compressed = uncompressedLength !== undefined
    at = header.writeUInt8((type === 'tree' ? 1 : 0) + (compressed ? 2 : 0), at)
    at = header.writeUInt32LE(length, at)
    if (compressed) at = header.writeUInt32LE(uncompressedLength, at)
    at += header.write(id, at, 'hex')
  }
  return header
}

/** The blobs that a plain header lists, or undefined when it is none. */
export function decodePackHeader(header: Uint8Array): PackedBlob[] | undefined {
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.length)
  const blobs: PackedBlob[] = []
  let at = 0
  let offset = 0
  while (at < bytes.length) {
    const kind = bytes[at]!
    if (kind > 3) return undefined
    const rowSize = kind < 2 ? plainRow : compressedRow
    if (at + rowSize > bytes.length) return undefined
    const type: BlobType = kind % 2 === 0 ? 'data' : 'tree'
    const length = bytes.readUInt32LE(at + 1)
    const uncompressedLength = kind < 2 ? undefined : bytes.readUInt32LE(at + 5)
    const id = bytes.toString('hex', at + rowSize - 32, at + rowSize)
    blobs.push({ type, id, offset, length, uncompressedLength })
    offset += length
    at += rowSize
  }
  return blobs
}
