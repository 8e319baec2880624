import { exemplarOf, type Exemplar, type ExemplarLabels } from './exemplar.ts'
import type { Series, SeriesContext } from './instrument.ts'
import type { Problems } from './problems.ts'

/** The histogram of one set of labels with bounds that were chosen beforehand. */
export class ExplicitSeries implements Series {
  readonly labels: readonly string[] | undefined
  readonly created: number
  count = 0
  sum = 0
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY
  /** Upper bounds, which belong to their buckets, ascending; the last bucket has none. */
  readonly bounds: Float64Array
  /** One more than there are bounds. Not cumulative. */
  readonly counts: Float64Array
  /** The latest of each bucket. */
  exemplars: Map<number, Exemplar> | undefined
  readonly #problems: Problems
  readonly #now: () => number

  constructor({ labels, created, problems, now }: SeriesContext, bounds: Float64Array) {
    this.labels = labels
    this.created = created
    this.bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
    this.#problems = problems
    this.#now = now
  }

  observe(value: number, exemplar?: ExemplarLabels): void {
    // The comparisons are false for NaN as well; a sum that would become infinite could never be right again.
    if (typeof value !== 'number' || !(value >= 0 && this.sum + value < Number.POSITIVE_INFINITY))
      return this.#problems.reject(value)
    const bucket = this.#bucketOf(value)
    this.sum += value
    this.count++
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
    this.counts[bucket]! += 1
    if (exemplar !== undefined) this.#keepExemplar(bucket, exemplar, value)
  }

  /** An estimate by linear interpolation within the bucket, as Prometheus does it. Undefined while nothing was counted. */
  quantile(share: number): number | undefined {
    if (this.count === 0) return undefined
    const rank = Math.max(1, Math.ceil(share * this.count))
    let below = 0
    let bucket = 0
    while (below + this.counts[bucket]! < rank) below += this.counts[bucket++]!
    const lower = Math.max(this.min, bucket === 0 ? 0 : this.bounds[bucket - 1]!)
    const upper = Math.min(this.max, this.bounds[bucket] ?? this.max)
    return lower + (upper - lower) * ((rank - below) / this.counts[bucket]!)
  }

  #bucketOf(value: number): number {
    let low = 0
    let high = this.bounds.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (value <= this.bounds[middle]!) high = middle
      else low = middle + 1
    }
    return low
  }

  #keepExemplar(bucket: number, labels: ExemplarLabels, value: number): void {
    const exemplar = exemplarOf(labels, value, this.#now())
    if (exemplar === undefined) return
    this.exemplars ??= new Map()
    this.exemplars.set(bucket, exemplar)
  }
}
