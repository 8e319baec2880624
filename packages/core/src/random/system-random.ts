import { randomFillSync } from 'node:crypto'
import type { Random } from './random.ts'

/** Words are drawn from the operating system in blocks: one call per number would cost more than the number's use. */
const block = new Uint32Array(256)
let used = block.length

/** The operating system's cryptographic randomness: the default wherever a `random` is an option. */
export const systemRandom: Random = {
  uint32() {
    if (used === block.length) {
      randomFillSync(block)
      used = 0
    }
    return block[used++]!
  },
  bytes: (length) => randomFillSync(new Uint8Array(length)),
}
