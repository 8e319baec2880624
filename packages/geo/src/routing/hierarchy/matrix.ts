import type { Hierarchy } from './hierarchy.ts'
import type { Seed } from './search.ts'
import { downwards, Side, upwards } from './side.ts'

/** Lengths between many starts and many ends. */
export interface LengthTable {
  readonly rows: number
  readonly columns: number
  /** Row by row; NaN where no path leads. */
  readonly lengths: Float64Array
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
export function createMatrix(hierarchy: Hierarchy): Matrix {
  return new BucketMatrix(hierarchy)
}

class BucketMatrix implements Matrix {
  readonly #places: Int32Array
  readonly #forward: Side
  readonly #backward: Side
  /** Per place the number of entries, then where they end; zero between tables. */
  readonly #buckets: Int32Array
  /** `[place, column, length]` as found */
  #found = new Int32Array(3 * 1024)
  #count = 0
  /** `[column, length]` by place */
  #sorted = new Int32Array(2 * 1024)

  constructor(hierarchy: Hierarchy) {
    this.#places = hierarchy.places
    this.#forward = new Side(hierarchy, upwards)
    this.#backward = new Side(hierarchy, downwards)
    this.#buckets = new Int32Array(hierarchy.nodes * 2)
  }

  between(sources: TableSide, targets: TableSide): LengthTable {
    this.#count = 0
    for (let column = 0; column < targets.length; column++) this.#leave(targets[column]!, column)
    this.#sort()
    const lengths = new Float64Array(sources.length * targets.length).fill(Infinity)
    for (let row = 0; row < sources.length; row++)
      this.#collect(sources[row]!, lengths.subarray(row * targets.length, (row + 1) * targets.length))
    this.#empty()
    for (let pair = 0; pair < lengths.length; pair++) if (lengths[pair] === Infinity) lengths[pair] = NaN
    return { rows: sources.length, columns: targets.length, lengths }
  }

  #leave(end: number | readonly Seed[], column: number): void {
    const side = this.#backward
    this.#begin(side, end)
    while (side.queue.size > 0) {
      const place = side.settle()
      if (place < 0) continue
      if (this.#count * 3 === this.#found.length) this.#found = doubled(this.#found)
      const at = this.#count++ * 3
      this.#found[at] = place
      this.#found[at + 1] = column
      this.#found[at + 2] = side.lengths[place]!
      this.#buckets[place * 2]!++
    }
  }

  /** Buckets one behind the other, in the order in which their places were first found. */
  #sort(): void {
    while (this.#sorted.length < this.#count * 2) this.#sorted = doubled(this.#sorted)
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
    }
  }

  #collect(start: number | readonly Seed[], row: Float64Array): void {
    const side = this.#forward
    const buckets = this.#buckets
    const sorted = this.#sorted
    this.#begin(side, start)
    while (side.queue.size > 0) {
      const place = side.settle()
      if (place < 0) continue
      const length = side.lengths[place]!
      const end = (buckets[place * 2 + 1]! - 1) * 2
      for (let at = end - buckets[place * 2]! * 2; at < end; at += 2) {
        const sum = length + sorted[at + 1]!
        if (sum < row[sorted[at]!]!) row[sorted[at]!] = sum
      }
    }
  }

  #begin(side: Side, seeds: number | readonly Seed[]): void {
    side.clear()
    if (typeof seeds === 'number') side.begin(this.#places[seeds]!, 0)
    else for (const { node, length } of seeds) side.begin(this.#places[node]!, length)
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
