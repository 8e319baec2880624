import type { Random } from './random.ts'

/** The most bytes that one call of `getRandomValues` gives (Web Cryptography API §10.1.1). */
const largestDraw = 65_536

/** Words are drawn from the operating system in blocks: one call per number would cost more than the number's use. */
const block = new Uint32Array(256)
let used = block.length

/** The operating system's cryptographic randomness: the default wherever a `random` is an option. */
export const systemRandom: Random = {
  uint32() {
    if (used === block.length) {
      // Through the global, which loads Node's crypto on first use: importing it would be most of this package's start.
      globalThis.crypto.getRandomValues(block)
      used = 0
    }
    return block[used++]!
  },
  bytes(length) {
    const bytes = new Uint8Array(length)
    for (let start = 0; start < length; start += largestDraw)
      globalThis.crypto.getRandomValues(bytes.subarray(start, start + largestDraw))
    return bytes
  },
}
