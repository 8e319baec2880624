import { Ascent } from './ascent.ts'
import { edgeTotals } from './edge-totals.ts'
import { edgesOfWay } from './edges-of-way.ts'
import type { Hierarchy } from './hierarchy.ts'
import type { Seed } from './search.ts'
import { downwards, upwards } from './side.ts'
import { unreached } from './witness-search.ts'

/** Lengths between many starts and many ends. */
export interface LengthTable {
  readonly rows: number
  readonly columns: number
  /** Row by row; NaN where no path leads. */
  readonly lengths: Float64Array
  /** The second value of the arcs, added up along those paths; NaN likewise. Empty unless asked for. */
  readonly totals: Float64Array
}

/** Starts or ends: nodes, or several seeds per place in the table. */
export type TableSide = ArrayLike<number> | readonly (readonly Seed[])[]

/** Finds tables of lengths; one at a time, its memory is kept between them. */
export interface Matrix {
  between(sources: TableSide, targets: TableSide): LengthTable
}

/**
 * Many-to-many lengths with buckets (Knopp, Sanders, Schultes, Schulz, Wagner 2007): every end leaves its length at the
 * places it reaches, every start collects them. Cost grows with the sum of rows and columns for the searches, and with some
 * twenty entries per pair.
 *
 * @example
 * ```ts
 * import { weightedGraph } from '@exprsn/geo/graph'
 * import { buildHierarchy, createMatrix } from '@exprsn/geo/routing'
 *
 * const graph = weightedGraph(3, { tails: [0, 1], heads: [1, 2], weights: [500, 700] })
 * createMatrix(buildHierarchy(graph)).between([0, 1], [2]).lengths // Float64Array [1200, 700]
 * ```
 */
export function createMatrix(hierarchy: Hierarchy, options: MatrixOptions = {}): Matrix {
  return new BucketMatrix(hierarchy, options)
}

/** What a table holds. */
export interface MatrixOptions {
  /** A second value per arc of the graph, to be added up along the shortest paths: whole numbers, sums below 2^31. */
  readonly values?: ArrayLike<number> | undefined
}

class BucketMatrix implements Matrix {
  readonly #places: Int32Array
  readonly #forward: Ascent
  readonly #backward: Ascent
  /** Per place the number of entries, then where they end; zero between tables. */
  readonly #buckets: Int32Array
  readonly #hasTotals: boolean
  /** The entries of `#sorted` over which the columns of the current row were reached. */
  #meetings = new Int32Array(64)
  /** Lengths of the current row, `unreached` where there is none. */
  #row = new Int32Array(64)
  /** `[place, column, length]` as found */
  #found = new Int32Array(3 * 1024)
  #count = 0
  /** `[column, length]` by place */
  #sorted = new Int32Array(2 * 1024)
  /** `[place, total]` per entry of `#found`, then of `#sorted` */
  #foundTotals = new Int32Array(1024)
  #sortedTotals = new Int32Array(0)

  constructor(hierarchy: Hierarchy, { values }: MatrixOptions) {
    const totals = values === undefined ? undefined : edgeTotals(hierarchy, values)
    const up = edgesOfWay(hierarchy, upwards, totals?.up)
    const down = edgesOfWay(hierarchy, downwards, totals?.down)
    this.#hasTotals = values !== undefined
    this.#places = hierarchy.places
    this.#forward = new Ascent(hierarchy.nodes, up, down)
    this.#backward = new Ascent(hierarchy.nodes, down, up)
    this.#buckets = new Int32Array(hierarchy.nodes * 2)
  }

  between(sources: TableSide, targets: TableSide): LengthTable {
    this.#count = 0
    for (let column = 0; column < targets.length; column++) this.#leave(targets[column]!, column)
    this.#sort()
    const pairs = sources.length * targets.length
    const lengths = new Float64Array(pairs)
    const totals = new Float64Array(this.#hasTotals ? pairs : 0)
    while (this.#meetings.length < targets.length) this.#meetings = doubled(this.#meetings)
    while (this.#row.length < targets.length) this.#row = doubled(this.#row)
    for (let row = 0; row < sources.length; row++) {
      this.#collect(sources[row]!, targets.length)
      this.#put(lengths, totals, { begin: row * targets.length, columns: targets.length })
    }
    this.#empty()
    return { rows: sources.length, columns: targets.length, lengths, totals }
  }

  #leave(end: number | readonly Seed[], column: number): void {
    const side = this.#backward
    this.#climb(side, end)
    for (let index = 0; index < side.count; index++) {
      const place = side.places[index]!
      if (this.#count * 3 === this.#found.length) this.#grow()
      const at = this.#count * 3
      this.#found[at] = place
      this.#found[at + 1] = column
      this.#found[at + 2] = side.lengths[place]!
      if (this.#hasTotals) this.#foundTotals[this.#count] = side.totals[place]!
      this.#buckets[place * 2]!++
      this.#count++
    }
  }

  /** Buckets one behind the other, in the order in which their places were first found. */
  #sort(): void {
    while (this.#sorted.length < this.#count * 2) this.#sorted = doubled(this.#sorted)
    if (this.#hasTotals && this.#sortedTotals.length < this.#sorted.length)
      this.#sortedTotals = new Int32Array(this.#sorted.length)
    const buckets = this.#buckets
    const found = this.#found
    const sorted = this.#sorted
    let end = 0
    for (let entry = 0; entry < this.#count; entry++) {
      const place = found[entry * 3]!
      // Until a bucket's first entry is put its end is 0; then it moves from its begin on.
      if (buckets[place * 2 + 1] === 0) {
        buckets[place * 2 + 1] = end + 1
        end += buckets[place * 2]!
      }
      const at = (buckets[place * 2 + 1]!++ - 1) * 2
      sorted[at] = found[entry * 3 + 1]!
      sorted[at + 1] = found[entry * 3 + 2]!
      if (!this.#hasTotals) continue
      this.#sortedTotals[at] = place
      this.#sortedTotals[at + 1] = this.#foundTotals[entry]!
    }
  }

  /** Lengths stay whole numbers until a row is done: a third of the time. */
  #collect(start: number | readonly Seed[], columns: number): void {
    const row = this.#row
    row.fill(unreached, 0, columns)
    const side = this.#forward
    const buckets = this.#buckets
    const sorted = this.#sorted
    const meetings = this.#meetings
    this.#climb(side, start)
    // The least important place first: a tenth of the time of large tables.
    for (let index = side.count - 1; index >= 0; index--) {
      const place = side.places[index]!
      const length = side.lengths[place]!
      const end = (buckets[place * 2 + 1]! - 1) * 2
      for (let at = end - buckets[place * 2]! * 2; at < end; at += 2) {
        const sum = length + sorted[at + 1]!
        const column = sorted[at]!
        if (sum >= row[column]!) continue
        row[column] = sum
        meetings[column] = at
      }
    }
  }

  #put(
    lengths: Float64Array,
    totals: Float64Array,
    { begin, columns }: { readonly begin: number; readonly columns: number },
  ): void {
    const row = this.#row
    for (let column = 0; column < columns; column++)
      lengths[begin + column] = row[column] === unreached ? NaN : row[column]!
    if (totals.length === 0) return
    const sums = this.#forward.totals
    for (let column = 0; column < columns; column++) {
      const at = this.#meetings[column]!
      totals[begin + column] =
        row[column] === unreached ? NaN : sums[this.#sortedTotals[at]!]! + this.#sortedTotals[at + 1]!
    }
  }

  #climb(side: Ascent, seeds: number | readonly Seed[]): void {
    side.clear()
    if (typeof seeds === 'number') side.begin(this.#places[seeds]!, 0, 0)
    else for (const { node, length, total = 0 } of seeds) side.begin(this.#places[node]!, length, total)
    side.climb()
  }

  #grow(): void {
    this.#found = doubled(this.#found)
    if (!this.#hasTotals) return
    const grown = new Int32Array(this.#found.length / 3)
    grown.set(this.#foundTotals)
    this.#foundTotals = grown
  }

  #empty(): void {
    for (let entry = 0; entry < this.#count; entry++) {
      const place = this.#found[entry * 3]!
      this.#buckets[place * 2] = 0
      this.#buckets[place * 2 + 1] = 0
    }
  }
}

function doubled(values: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(values.length * 2)
  grown.set(values)
  return grown
}
