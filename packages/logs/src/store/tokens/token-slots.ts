/** Where a token of a hash stands in an open-addressing table, unless others stand there: then in the next free slot. */
export function firstSlot(hash: number, slotCount: number): number {
  return (hash ^ (hash >>> 15)) & (slotCount - 1)
}

/** A table with twice the slots: in each the number of a token plus one, or 0. */
export function enlargedSlots(
  slots: Int32Array,
  hashes: Int32Array | Uint32Array,
  count: number,
): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(slots.length * 2)
  for (let token = 0; token < count; token++) {
    let slot = firstSlot(hashes[token]!, larger.length)
    while (larger[slot] !== 0) slot = (slot + 1) & (larger.length - 1)
    larger[slot] = token + 1
  }
  return larger
}
