/** Bytes of the rows of a block in which a token stands: nothing for all rows, a bitmap for many, gaps as varints for few. */
export function encodePostings(rows: Uint16Array, rowCount: number): Uint8Array {
  if (rows.length === rowCount) return new Uint8Array(0)
  if (isBitmap(rows.length, rowCount)) {
    const bitmap = new Uint8Array((rowCount + 7) >> 3)
    for (const row of rows) bitmap[row >> 3]! |= 1 << (row & 7)
    return bitmap
  }
  const bytes = new Uint8Array(rows.length * 2)
  let length = 0
  let previous = -1
  for (const row of rows) {
    const gap = row - previous - 1
    if (gap >= 0x80) bytes[length++] = 0x80 | (gap & 0x7f)
    bytes[length++] = gap >= 0x80 ? gap >> 7 : gap
    previous = row
  }
  return bytes.subarray(0, length)
}

/** Sets the bits of the rows that {@link encodePostings} was given. Bytes that are no postings set none beyond `rowCount`. */
export function decodePostings(bytes: Uint8Array, count: number, rowCount: number, bits: Uint32Array): void {
  if (count === rowCount) {
    for (let row = 0; row < rowCount; row++) bits[row >> 5]! |= 1 << (row & 31)
    return
  }
  if (isBitmap(count, rowCount)) {
    const whole = bytes.length & ~3
    for (let at = 0; at < whole; at += 4)
      bits[at >> 2]! |= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    for (let at = whole; at < bytes.length; at++) bits[at >> 2]! |= bytes[at]! << ((at & 3) * 8)
    return
  }
  let row = -1
  for (let at = 0; at < bytes.length; at++) {
    let gap = bytes[at]!
    if (gap >= 0x80) gap = (gap & 0x7f) | (bytes[++at]! << 7)
    row += gap + 1
    if (row < rowCount) bits[row >> 5]! |= 1 << (row & 31)
  }
}

function isBitmap(count: number, rowCount: number): boolean {
  return count > rowCount >> 3
}
