/** Rows of a block as bits, 32 in a word. */
export type RowBits = Uint32Array

/** No rows. */
export function noRows(count: number): RowBits {
  return new Uint32Array((count + 31) >> 5)
}

/** All rows. */
export function allRows(count: number): RowBits {
  const bits = noRows(count).fill(0xffff_ffff)
  if ((count & 31) !== 0) bits[bits.length - 1] = 2 ** (count & 31) - 1
  return bits
}

/** How many rows. */
export function countRows(bits: RowBits): number {
  let count = 0
  for (let index = 0; index < bits.length; index++) {
    let word = bits[index]!
    word -= (word >>> 1) & 0x5555_5555
    word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333)
    count += Math.imul((word + (word >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
  }
  return count
}

/** Keeps in `bits` what is in both. */
export function intersect(bits: RowBits, other: RowBits): RowBits {
  for (let index = 0; index < bits.length; index++) bits[index]! &= other[index]!
  return bits
}

/** Adds to `bits` what is in the other. */
export function unite(bits: RowBits, other: RowBits): RowBits {
  for (let index = 0; index < bits.length; index++) bits[index]! |= other[index]!
  return bits
}

/** Takes from `bits` what is in the other. */
export function subtract(bits: RowBits, other: RowBits): RowBits {
  for (let index = 0; index < bits.length; index++) bits[index]! &= ~other[index]!
  return bits
}

/** Whether there is a row at all. */
export function hasRows(bits: RowBits): boolean {
  for (let index = 0; index < bits.length; index++) if (bits[index] !== 0) return true
  return false
}

/** Whether a row is there. */
export function hasRow(bits: RowBits, row: number): boolean {
  return (bits[row >> 5]! & (1 << (row & 31))) !== 0
}

/** Adds a row. */
export function addRow(bits: RowBits, row: number): void {
  bits[row >> 5]! |= 1 << (row & 31)
}

/** The rows in ascending order. */
export function rowsOf(bits: RowBits): Uint16Array {
  const rows = new Uint16Array(countRows(bits))
  let count = 0
  for (let index = 0; index < bits.length; index++) {
    let word = bits[index]!
    while (word !== 0) {
      const bit = 31 - Math.clz32(word & -word)
      rows[count++] = index * 32 + bit
      word &= word - 1
    }
  }
  return rows
}
