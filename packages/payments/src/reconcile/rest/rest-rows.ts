/**
 * Rows of one side that names did not decide, as columns: a report about 85,000 of them takes 0.9 s of processor time, where
 * objects took 2.1 s. Plain data that threads hand on.
 */
export interface RestRows {
  readonly count: number
  /** Minor units. */
  readonly amounts: Float64Array
  /** Numbers of `Currencies`. */
  readonly currencies: Uint16Array
  /** Days since 1970. */
  readonly days: Int32Array
  /** Eight of each row, see {@link spanAt}: where its texts begin and end in `bytes`, and its references in `tokens`. */
  readonly spans: Uint32Array
  /** Where each reference begins and ends in `bytes`; those of a row ascend. */
  readonly tokens: Uint32Array
  /** UTF-8. */
  readonly bytes: Uint8Array
}

/** How many numbers a row has in {@link RestRows.spans}. */
export const spanWidth = 8

/** Which of them is what: the second of a pair is the end. */
export const spanAt = { id: 0, key: 2, group: 4, tokens: 6 } as const

/** Rows of one currency, and with amounts of 32 bits. */
export interface NarrowRows extends Pick<RestRows, 'days' | 'spans' | 'tokens' | 'bytes'> {
  readonly amounts: Int32Array
}

/** What rows are collected in: memory that grows by half. */
export class RowColumns {
  amounts: Float64Array
  currencies: Uint16Array
  days: Int32Array
  spans: Uint32Array
  tokens: Uint32Array
  bytes: Uint8Array
  count = 0
  tokenCount = 0
  used = 0

  /** @param rows how many there will be */
  constructor(rows: number) {
    this.amounts = new Float64Array(rows)
    this.currencies = new Uint16Array(rows)
    this.days = new Int32Array(rows)
    this.spans = new Uint32Array(spanWidth * rows)
    this.tokens = new Uint32Array(6 * rows)
    this.bytes = new Uint8Array(64 * rows)
  }

  /** Makes room for a row with texts of so many bytes, their references included. */
  reserve(bytes: number, tokens: number): void {
    if (this.used + bytes > this.bytes.length) {
      const more = new Uint8Array(Math.ceil((this.used + bytes) * 1.5))
      more.set(this.bytes.subarray(0, this.used))
      this.bytes = more
    }
    if (2 * (this.tokenCount + tokens) > this.tokens.length) {
      const more = new Uint32Array(Math.ceil((this.tokenCount + tokens) * 3))
      more.set(this.tokens.subarray(0, 2 * this.tokenCount))
      this.tokens = more
    }
  }

  /** Appends bytes; gives where they begin. */
  append(from: Uint8Array, start: number, end: number): number {
    const { bytes, used } = this
    let to = used
    for (let at = start; at < end; at++) bytes[to++] = from[at]!
    this.used = to
    return used
  }

  /** Appends rows that stand elsewhere as they will here. */
  addRows({ amounts, days, spans, tokens, bytes }: NarrowRows, currency: number): void {
    this.reserve(bytes.length, tokens.length / 2)
    this.amounts.set(amounts, this.count)
    this.currencies.fill(currency, this.count, this.count + amounts.length)
    this.days.set(days, this.count)
    this.spans.set(spans, spanWidth * this.count)
    this.tokens.set(tokens, 2 * this.tokenCount)
    this.bytes.set(bytes, this.used)
    this.count += amounts.length
    this.tokenCount += tokens.length / 2
    this.used += bytes.length
  }

  /** What was collected. */
  rows(): RestRows {
    const { count, amounts, currencies, days, spans, tokens, tokenCount, bytes, used } = this
    return {
      count,
      amounts,
      currencies,
      days,
      spans,
      ...{ tokens: tokens.subarray(0, 2 * tokenCount), bytes: bytes.subarray(0, used) },
    }
  }
}
