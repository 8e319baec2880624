import type { RandomStream } from './random-stream.ts'
import type { State } from './state.ts'

/**
 * Lets so many vehicles be used at most: those that do something, and others by chance. Where they are not alike, one may take the place
 * of another whose route has been emptied.
 */
export function openAtMost(most: number, { isClosed, sizes }: State, random: RandomStream): void {
  let unused = 0
  let free = most
  for (const size of sizes) {
    if (size === 0) unused++
    else free--
  }
  for (const [vehicle, size] of sizes.entries()) {
    isClosed[vehicle] = 0
    if (size > 0) continue
    // Each of those left is chosen with the same chance.
    if (free > 0 && random.below(unused) < free) free--
    else isClosed[vehicle] = 1
    unused--
  }
}
