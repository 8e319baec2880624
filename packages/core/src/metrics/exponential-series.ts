import { exemplarOf, type Exemplar, type ExemplarLabels } from './exemplar.ts'
import { bucketScale, smallestScale, upperBound, type BucketScale } from './exponential-scale.ts'
import type { Series, SeriesContext } from './instrument.ts'
import type { Problems } from './problems.ts'

/** How fine an exponential histogram is, and which of its bounds appear in text. */
export interface ExponentialShape {
  /** Buckets between the smallest and the largest value; more are merged in pairs. */
  readonly maxBuckets: number
  /** The scale it begins with: 2 ** scale buckets for each doubling. */
  readonly maxScale: number
}

/** Beyond all bucket indexes, and still a small integer to the engine. */
const none = 2 ** 30

/** How often a bucket counts before it carries. */
const carry = 2 ** 16

/**
 * The exponential histogram of one set of labels (OpenTelemetry data model, "ExponentialHistogram"). It begins fine and
 * merges pairs of buckets when values spread too wide, so that it needs no bounds and its memory never grows.
 *
 * Written for the machine: one observation is a table lookup and an addition into a ring, about 10 ns. Counts have 16 bits
 * until one of them needs more, so that the series of a service stay in the processor's cache.
 */
export class ExponentialSeries implements Series {
  // What every observation touches comes first: fields lie in memory in this order.
  count = 0
  sum = 0
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY
  /** Bucket indexes that hold something: from `first` to `last`; `first` is larger while there are none. */
  first = none
  last = -none
  /** Counts by bucket index modulo its length, which is a power of two, modulo {@link carry}. */
  #counts: Uint16Array
  #buckets: BucketScale
  zeroCount = 0
  scale: number
  /** How often each count has carried; made for the first that does. */
  #carried: Float64Array | undefined
  readonly #maxBuckets: number
  readonly labels: readonly string[] | undefined
  readonly created: number
  /** The latest of each power of two. */
  exemplars: Map<number, Exemplar> | undefined
  readonly #problems: Problems
  readonly #now: () => number

  constructor({ labels, created, problems, now }: SeriesContext, { maxBuckets, maxScale }: ExponentialShape) {
    this.labels = labels
    this.created = created
    this.scale = maxScale
    this.#maxBuckets = maxBuckets
    this.#counts = new Uint16Array(2 ** Math.ceil(Math.log2(maxBuckets)))
    this.#buckets = bucketScale(maxScale)
    this.#problems = problems
    this.#now = now
  }

  observe(value: number, exemplar?: ExemplarLabels): void {
    // The comparisons are false for NaN as well; a sum that would become infinite could never be right again.
    if (typeof value !== 'number' || !(value >= 0 && this.sum + value < Number.POSITIVE_INFINITY))
      return this.#problems.reject(value)
    this.sum += value
    this.count++
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
    if (value === 0) this.zeroCount++
    else {
      let index = this.#buckets.indexOf(value)
      if (index < this.first || index > this.last) index = this.#widen(index)
      const counts = this.#counts
      const cell = index & (counts.length - 1)
      if (++counts[cell]! === carry) this.#carry(cell)
    }
    if (exemplar !== undefined) this.#keepExemplar(exemplar, value)
  }

  /** How many values the bucket of this index counted. */
  countAt(index: number): number {
    if (index < this.first || index > this.last) return 0
    const cell = index & (this.#counts.length - 1)
    return this.#counts[cell]! + carry * (this.#carried?.[cell] ?? 0)
  }

  /**
   * An estimate of the value below which this share of all values lies, at most half a bucket away from the value at
   * that rank: by the factor `2 ** (2 ** -scale / 2)`. The extremes are exact. Undefined while nothing was counted.
   */
  quantile(share: number): number | undefined {
    if (this.count === 0) return undefined
    const rank = Math.max(1, Math.ceil(share * this.count))
    let below = this.zeroCount
    if (rank <= below) return 0
    if (rank >= this.count) return this.max
    for (let index = this.first; index < this.last; index++) {
      below += this.countAt(index)
      if (rank <= below) return this.#middle(index)
    }
    return this.#middle(this.last)
  }

  #middle(index: number): number {
    const bound = upperBound(index, this.scale)
    // In two steps: for buckets of many doublings the root of the product would overflow.
    const middle = Math.sqrt(upperBound(index - 1, this.scale)) * Math.sqrt(bound)
    return Math.min(this.max, Math.max(this.min, middle))
  }

  /**
   * Makes room for a bucket outside those in use and returns the index it has then, for which 2 ** shift neighbours may have
   * to become one bucket each. In one piece, which is more than the engine inlines: it is rarely needed.
   */
  #widen(index: number): number {
    let first = Math.min(this.first, index)
    let last = this.first === none ? index : Math.max(this.last, index)
    let shift = 0
    while (last - first >= this.#maxBuckets && this.scale - shift > smallestScale) {
      first >>= 1
      last >>= 1
      shift++
    }
    if (shift > 0) {
      const { length } = this.#counts
      const merged = new Uint16Array(length)
      let carried: Float64Array | undefined
      for (let each = this.first; each <= this.last; each++) {
        const cell = (each >> shift) & (length - 1)
        const count = merged[cell]! + this.countAt(each)
        merged[cell] = count
        if (count >= carry) {
          carried ??= new Float64Array(length)
          carried[cell]! += Math.floor(count / carry)
        }
      }
      this.#counts = merged
      this.#carried = carried
      this.scale -= shift
      this.#buckets = bucketScale(this.scale)
    }
    this.first = first
    this.last = last
    return index >> shift
  }

  #carry(cell: number): void {
    this.#carried ??= new Float64Array(this.#counts.length)
    this.#carried[cell]! += 1
  }

  #keepExemplar(labels: ExemplarLabels, value: number): void {
    const exemplar = exemplarOf(labels, value, this.#now())
    if (exemplar === undefined) return
    this.exemplars ??= new Map()
    this.exemplars.set(value === 0 ? Number.NEGATIVE_INFINITY : bucketScale(0).indexOf(value), exemplar)
  }
}
