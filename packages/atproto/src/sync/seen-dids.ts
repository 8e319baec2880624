import type { Random } from '@exprsn/core'
import { randomBelow } from '@exprsn/core'

const bits = 2 ** 26
const pageBits = 2 ** 15

/**
 * Remembers which accounts a list has named, in at most 8 MiB however many there are (a Bloom filter with two functions). What was added
 * is always there; of a million that were not, less than a thousandth seems to be. The seed makes it others each time.
 */
export class SeenDids {
  /** Made when they are needed: most lists are short. */
  readonly #pages = new Map<number, Uint8Array>()
  readonly #seeds: readonly [number, number]

  constructor(random: Random) {
    this.#seeds = [randomBelow(random, 2 ** 31), randomBelow(random, 2 ** 31)]
  }

  add(did: string): void {
    for (const seed of this.#seeds) {
      const bit = bitOf(did, seed)
      const number = Math.floor(bit / pageBits)
      let page = this.#pages.get(number)
      if (page === undefined) this.#pages.set(number, (page = new Uint8Array(pageBits / 8)))
      page[(bit % pageBits) >>> 3]! |= 1 << (bit & 7)
    }
  }

  has(did: string): boolean {
    return this.#seeds.every((seed) => {
      const bit = bitOf(did, seed)
      const page = this.#pages.get(Math.floor(bit / pageBits))
      return page !== undefined && (page[(bit % pageBits) >>> 3]! & (1 << (bit & 7))) !== 0
    })
  }
}

/** FNV-1a with the finish of MurmurHash3, which spreads the last characters over all bits. */
function bitOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % bits
}
