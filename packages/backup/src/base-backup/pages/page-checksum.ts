const sums = 32
const prime = 16_777_619
/** Random starts of the parallel sums, from PostgreSQL's `storage/checksum_impl.h`. */
export const checksumStarts: Uint32Array = Uint32Array.of(
  ...[0x5b1f36e9, 0xb8525960, 0x02ab50aa, 0x1de66d2a, 0x79ff467a, 0x9bb9f8a3, 0x217e7cd2, 0x83e13d2c],
  ...[0xf8d4474f, 0xe39eb970, 0x42c6ae16, 0x993216fa, 0x7b093b5d, 0x98daff3c, 0xf718902a, 0x0b1c9cdb],
  ...[0xe58f764b, 0x187636bc, 0x5d7b3bb1, 0xe73de7de, 0x92bec979, 0xcca6c0b2, 0x304a0979, 0x85aa43d4],
  ...[0x783125bb, 0x6ca8eaa2, 0xe407eac6, 0x4b5cfc3e, 0x9fbf8c76, 0x15ca20be, 0xf2ca9fd3, 0x959bd756],
)
const state = new Uint32Array(sums)
const checksumWord = 2

/**
 * The checksum that PostgreSQL puts into a page: 32 parallel FNV-1a sums with an extra shift, folded, mixed with the
 * number of the block. Source: `storage/checksum_impl.h`.
 *
 * @param page 8,192 bytes, as words of the machine's (little-endian) order.
 * @param block Number of the page in its relation, over all files.
 */
export function pageChecksum(page: Uint32Array, block: number): number {
  state.set(checksumStarts)
  for (let from = 0; from < page.length; from += sums)
    for (let index = 0; index < sums; index++) {
      // The checksum itself counts as zero: the lower half of the third word.
      const word = from + index === checksumWord ? page[from + index]! & 0xffff_0000 : page[from + index]!
      state[index] = mix(state[index]!, word)
    }
  for (let round = 0; round < 2; round++)
    for (let index = 0; index < sums; index++) state[index] = mix(state[index]!, 0)
  const folded = state.reduce((all, each) => all ^ each, 0) ^ block
  return ((folded >>> 0) % 65_535) + 1
}

function mix(sum: number, value: number): number {
  const mixed = sum ^ value
  return Math.imul(mixed, prime) ^ (mixed >>> 17)
}

/** Whether a page is as PostgreSQL left it: never used, or with a right checksum. */
export function isPageIntact(page: Uint32Array, block: number): boolean {
  return isNew(page) ? page.every((word) => word === 0) : hasRightChecksum(page, block)
}

/**
 * Whether a page that was read while the server writes is to be believed: never used, or with a right checksum, or changed since
 * the backup began (at `start`), when it may have been read half-written and the log brings all of it back.
 */
export function isPageFitForBackup(page: Uint32Array, block: number, start: bigint): boolean {
  return isNew(page) || ((BigInt(page[0]!) << 32n) | BigInt(page[1]!)) >= start || hasRightChecksum(page, block)
}

/** pd_upper, the upper half of the fourth word, is 0 on a page that was never used. */
function isNew(page: Uint32Array): boolean {
  return page[3]! >>> 16 === 0
}

function hasRightChecksum(page: Uint32Array, block: number): boolean {
  return (page[checksumWord]! & 0xffff) === pageChecksum(page, block)
}
