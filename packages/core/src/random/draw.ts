import type { Random } from './random.ts'

/** A uniform number from 0 (included) to 1 (excluded) with 32 bits of precision. */
export function randomFraction(random: Random): number {
  return random.uint32() / 2 ** 32
}

/** A uniform integer from 0 (included) to `bound` (excluded), without modulo bias; `bound` is at most 2³². */
export function randomBelow(random: Random, bound: number): number {
  const limit = 2 ** 32 - (2 ** 32 % bound)
  let drawn = random.uint32()
  while (drawn >= limit) drawn = random.uint32()
  return drawn % bound
}

/** One item of a list that is not empty. */
export function randomItem<Item>(random: Random, items: readonly Item[]): Item {
  return items[randomBelow(random, items.length)]!
}

/** A shuffled copy (Fisher–Yates). */
export function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  const copy = [...items]
  for (let last = copy.length - 1; last > 0; last--) {
    const other = randomBelow(random, last + 1)
    ;[copy[last], copy[other]] = [copy[other]!, copy[last]!]
  }
  return copy
}
