/**
 * The first word of a leaf: 5 bits for the level of its cell, 3 for how many owners are listed after it, the rest counts the
 * entries of borders after these.
 */
const levelBits = 5
const innerBits = 3
// Named, for bundlers make variables of constants: a power in a function is then raised in each call.
const levelMask = 2 ** levelBits - 1
const innerMask = 2 ** innerBits - 1

/** More outlines than this that contain a cell are not listed in its leaf, but in a list that leaves share. */
export const mostInnerInLeaf = 6

/** In place of a count: the next word is the place of a list. */
export const innerIsChained = mostInnerInLeaf + 1

export function headOf(level: number, inner: number, entries: number): number {
  return (entries << (levelBits + innerBits)) | (inner << levelBits) | level
}

export function levelOf(head: number): number {
  return head & levelMask
}

/** How many owners are listed, or {@link innerIsChained}. */
export function innerOf(head: number): number {
  return (head >> levelBits) & innerMask
}

export function entriesOf(head: number): number {
  return head >>> (levelBits + innerBits)
}

/** Where the entries of the leaf at `place` begin. */
export function entriesAfter(place: number, head: number): number {
  const inner = innerOf(head)
  return place + 1 + (inner === innerIsChained ? 1 : inner)
}
