import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { Random } from '../random/random.ts'
import { systemRandom } from '../random/system-random.ts'

/** Where {@link createIdGenerator} takes time and chance from. */
export interface IdGeneratorOptions {
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/**
 * A function that makes UUIDs of version 7 (RFC 9562 §5.7): they sort by the millisecond they were made in, and those
 * of one generator always ascend, also within a millisecond and when the clock goes back (§6.2, method 1: a counter of
 * 12 bits in `rand_a`, started in its lower half and carried into the time when it is full).
 *
 * @example
 * ```ts
 * import { createIdGenerator } from '@exprsn/core'
 *
 * const createId = createIdGenerator()
 * console.log(createId() < createId()) // true
 * ```
 */
export function createIdGenerator({
  clock = systemClock,
  random = systemRandom,
}: IdGeneratorOptions = {}): () => string {
  let time = -1
  let counter = 0
  return () => {
    const now = Math.floor(clock.now())
    if (now > time) {
      time = now
      counter = random.uint32() & 0x7ff
    } else if (++counter > 0xfff) {
      time++
      counter = random.uint32() & 0x7ff
    }
    return formatUuid7(time, counter, random)
  }
}

/** A UUID of version 7 from the process's shared generator. */
export const createId: () => string = createIdGenerator()

function formatUuid7(time: number, counter: number, random: Random): string {
  const timeHex = time.toString(16).padStart(12, '0')
  const versionHex = (0x7000 | counter).toString(16)
  const variantHex = (0x8000_0000 | (random.uint32() & 0x3fff_ffff)) >>> 0
  const tailHex = variantHex.toString(16) + random.uint32().toString(16).padStart(8, '0')
  return `${timeHex.slice(0, 8)}-${timeHex.slice(8)}-${versionHex}-${tailHex.slice(0, 4)}-${tailHex.slice(4)}`
}
