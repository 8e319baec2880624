const magic = 0xfd2f_b528
const checksumFlag = 0x04
const singleSegmentFlag = 0x20

/**
 * Whether `bytes` are exactly one zstd frame from its first byte to its last whose content has `size` bytes, as far as headers
 * tell (RFC 8878 §3.1.1). False for what says nothing about its size.
 */
export function isOneZstdFrame(bytes: Uint8Array, size: number): boolean {
  if (bytes.length < 9) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(0, true) !== magic) return false
  const descriptor = bytes[4]!
  const isSingleSegment = (descriptor & singleSegmentFlag) !== 0
  const sizeAt = 5 + (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!
  const sizeLength = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6]!
  let at = sizeAt + sizeLength
  if (sizeLength === 0 || at > bytes.length || contentSize(view, sizeAt, sizeLength) !== size) return false
  for (;;) {
    if (at + 3 > bytes.length) return false
    const header = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)
    const isLast = (header & 1) === 1
    const isRepeated = ((header >>> 1) & 3) === 1
    at += 3 + (isRepeated ? 1 : header >>> 3)
    if (isLast) return at + ((descriptor & checksumFlag) !== 0 ? 4 : 0) === bytes.length
  }
}

function contentSize(view: DataView, at: number, length: number): number {
  if (length === 1) return view.getUint8(at)
  if (length === 2) return 256 + view.getUint16(at, true)
  return length === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true))
}
