import type { Random } from '../../random/random.ts'
import { seedState } from './seed-state.ts'

/**
 * Chance that can be replayed: the same seed gives the same numbers, on every platform and in every version.
 *
 * The generator is xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021):
 * period 2¹²⁸ − 1, not for secrets. Its state is filled by SplitMix64 from the seed, text through FNV-1a of 64 bits.
 *
 * @example
 * ```ts
 * import { SeededRandom } from '@exprsn/core/testing'
 *
 * const random = new SeededRandom(42)
 * console.log(random.uint32() === new SeededRandom(42).uint32()) // true
 * ```
 */
export class SeededRandom implements Random {
  /** What it was made from: print it when a test fails. */
  readonly seed: number | string
  readonly #state: Uint32Array

  constructor(seed: number | string) {
    this.seed = seed
    this.#state = seedState(seed)
  }

  uint32(): number {
    const state = this.#state
    const result = Math.imul(rotateLeft(Math.imul(state[1]!, 5), 7), 9) >>> 0
    const shifted = state[1]! << 9
    state[2]! ^= state[0]!
    state[3]! ^= state[1]!
    state[1]! ^= state[2]!
    state[0]! ^= state[3]!
    state[2]! ^= shifted
    state[3] = rotateLeft(state[3]!, 11)
    return result
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let index = 0, word = 0; index < length; index++, word >>>= 8) {
      if (index % 4 === 0) word = this.uint32()
      bytes[index] = word
    }
    return bytes
  }

  /**
   * A stream of its own for a part of the simulation. It depends on the seed and the name alone, not on how many
   * numbers were drawn: a new draw in one part does not change what happens in the others.
   */
  fork(name: string | number): SeededRandom {
    return new SeededRandom(`${this.seed}/${name}`)
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
