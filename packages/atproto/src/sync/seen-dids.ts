import type { Random } from '@exprsn/core'
import { randomBelow } from '@exprsn/core'

const bits = 2 ** 26

/**
 * Remembers which accounts a list has named, in 8 MiB however many there are (a Bloom filter with two functions). What was added
 * is always there; of a million that were not, less than a thousandth seems to be. The seed makes it others each time.
 */
export class SeenDids {
  readonly #bytes = new Uint8Array(bits / 8)
  readonly #seeds: readonly [number, number]

  constructor(random: Random) {
    this.#seeds = [randomBelow(random, 2 ** 31), randomBelow(random, 2 ** 31)]
  }

  add(did: string): void {
    for (const seed of this.#seeds) {
      const bit = bitOf(did, seed)
      this.#bytes[bit >>> 3]! |= 1 << (bit & 7)
    }
  }

  has(did: string): boolean {
    return this.#seeds.every((seed) => {
      const bit = bitOf(did, seed)
      return (this.#bytes[bit >>> 3]! & (1 << (bit & 7))) !== 0
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
