import { systemClock, systemRandom, type Clock, type Random } from '@exprsn/core'
import { codecErrors } from './errors.ts'

const alphabet = '234567abcdefghijklmnopqrstuvwxyz'
const shape = /^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/

/** What a TID says. */
export interface TidParts {
  /** Microseconds since 1970, below 2^53. */
  readonly microseconds: number
  /** Which clock made it: 0 to 1023. */
  readonly clockId: number
}

/** Whether the text is a TID. */
export function isTid(text: string): boolean {
  return shape.test(text)
}

/**
 * Writes a TID: the sortable text of a time and a clock that records are keyed and revisions numbered by.
 *
 * @throws `ATPROTO_TID_INVALID` when a part is out of range
 * @example
 * ```ts
 * import { formatTid, parseTid } from '@exprsn/atproto/codec'
 *
 * const tid = formatTid({ microseconds: 1_700_000_000_000_000, clockId: 7 })
 * console.log(tid, parseTid(tid).clockId) // 3ke6tlpwqc22b 7
 * ```
 */
export function formatTid({ microseconds, clockId }: TidParts): string {
  const outside = !Number.isSafeInteger(microseconds) || microseconds < 0 || !(clockId >= 0 && clockId < 1024)
  if (outside) throw codecErrors.ATPROTO_TID_INVALID({ value: `${microseconds}/${clockId}` })
  let value = BigInt(microseconds) * 1024n + BigInt(clockId)
  let text = ''
  for (let index = 0; index < 13; index++) {
    text = alphabet[Number(value & 31n)] + text
    value >>= 5n
  }
  return text
}

/**
 * Reads a TID.
 *
 * @throws `ATPROTO_TID_INVALID`
 * @example
 * ```ts
 * import { parseTid } from '@exprsn/atproto/codec'
 *
 * console.log(parseTid('2222222222222')) // { microseconds: 0, clockId: 0 }
 * ```
 */
export function parseTid(text: string): TidParts {
  if (!isTid(text)) throw codecErrors.ATPROTO_TID_INVALID({ value: text })
  let value = 0n
  for (const character of text) value = value * 32n + BigInt(alphabet.indexOf(character))
  return { microseconds: Number(value / 1024n), clockId: Number(value % 1024n) }
}

/** Options of {@link createTidGenerator}. */
export interface TidGeneratorOptions {
  /** 0 to 1023; processes that write to the same repository should differ. @default random */
  readonly clockId?: number | undefined
  /** No TID will be at or below this one: the last revision of a repository, say. @default none */
  readonly after?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/**
 * Makes a function whose TIDs only ever go up, also when the clock is set back.
 *
 * @example
 * ```ts
 * import { createTidGenerator } from '@exprsn/atproto/codec'
 *
 * const nextTid = createTidGenerator()
 * console.log(nextTid() < nextTid()) // true
 * ```
 */
export function createTidGenerator(options: TidGeneratorOptions = {}): () => string {
  const { after, clock = systemClock, random = systemRandom } = options
  const clockId = options.clockId ?? random.uint32() % 1024
  let last = after === undefined ? -1 : parseTid(after).microseconds
  return () => {
    last = Math.max(last + 1, Math.floor(clock.now() * 1000))
    return formatTid({ microseconds: last, clockId })
  }
}
