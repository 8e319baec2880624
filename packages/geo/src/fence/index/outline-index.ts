import { metresToSegment } from '../../coordinates/sphere.ts'
import type { GeometryTable } from './geometry-table.ts'
import { firstOf, lengthOf } from './edge-run.ts'
import { gridBits, referenceX, referenceY, type Grid } from './grid.ts'
import { left, onEdge, segmentsMeet, segmentTouchesBox, type Segment } from './predicates.ts'

/** What a point on the border counts as; `half-open`: of two fences with a common edge exactly one has it. */
export type BoundaryRule = 'inside' | 'outside' | 'half-open'

/** The arrays of a built index; `buildIndex` says what stands in them. */
export interface IndexArrays {
  readonly table: GeometryTable
  readonly grid: Grid
  readonly tree: Int32Array
  readonly leaves: Int32Array
  readonly inner: Int32Array
}

const mostJumpBits = 10

/** Marks the entry of lines in a leaf. */
export const lineEntry = 2

/** Finds the outlines that contain a point, or that a way passes through. Owners may be named more than once. */
export class OutlineIndex {
  readonly #arrays: IndexArrays
  /** The tree's value at a fixed level for every cell of it: the upper levels are not walked. */
  readonly #jump: Int32Array
  readonly #jumpBits: number
  /** Nobody asks for it: it keeps the reading of `#fetch` from being left out. */
  fetched = 0

  constructor(arrays: IndexArrays) {
    this.#arrays = arrays
    this.#jumpBits = Math.min(mostJumpBits, Math.ceil(Math.log2(Math.max(1, arrays.tree.length)) / 2))
    this.#jump = jumpTable(arrays.tree, this.#jumpBits)
  }

  /** Bytes of the index, coordinates included. */
  get bytes(): number {
    const { table, tree, leaves, inner } = this.#arrays
    const { vertices, owners, metres } = table
    return [vertices, owners, metres, tree, leaves, inner, this.#jump].reduce((sum, array) => sum + array.byteLength, 0)
  }

  /** Appends the owners of the outlines that contain the point to `owners`. */
  locate(x: number, y: number, rule: BoundaryRule, owners: number[]): void {
    const { grid, tree, leaves } = this.#arrays
    if (!grid.contains(x, y)) return
    const unitX = ((x - grid.minX) * grid.scaleX) | 0
    const unitY = ((y - grid.minY) * grid.scaleY) | 0
    let shift = gridBits - this.#jumpBits
    let value = this.#jump[((unitY >> shift) << this.#jumpBits) + (unitX >> shift)]!
    while (value >= 0) {
      shift--
      value = tree[value + (((unitY >> shift) & 1) << 1) + ((unitX >> shift) & 1)]!
    }
    const place = ~value
    const inner = leaves[place]!
    const border = place + 2 + (inner > 0 ? inner : 0)
    for (let at = place + 2; at < border; at++) owners.push(leaves[at]!)
    if (inner < 0) this.#chained(~inner, owners)
    const head = leaves[place + 1]!
    if (head < 32) return
    const bits = gridBits - (head & 31)
    const size = 1 << bits
    const refX = grid.x((unitX >> bits) * size + size * referenceX)
    const refY = grid.y((unitY >> bits) * size + size * referenceY)
    this.#border(border, head >> 5, x, y, refX, refY, rule, owners)
  }

  #chained(first: number, owners: number[]): void {
    const { inner } = this.#arrays
    for (let list = first; list !== 0; list = inner[list]!) {
      const end = list + 2 + inner[list + 1]!
      for (let at = list + 2; at < end; at++) owners.push(inner[at]!)
    }
  }

  #border(
    first: number,
    entries: number,
    x: number,
    y: number,
    refX: number,
    refY: number,
    rule: BoundaryRule,
    owners: number[],
  ): void {
    const { leaves, table } = this.#arrays
    const { vertices } = table
    if (entries > 1) this.#fetch(first, entries)
    let at = first
    for (let left = entries; left > 0; left--) {
      const entry = leaves[at]!
      if ((entry & lineEntry) !== 0) {
        const outline = entry >> 2
        if (this.#nearLines(at, table.metres[outline]!, x, y)) owners.push(table.owners[outline]!)
        while (leaves[++at]! >= 0);
        at++
        continue
      }
      let inside = (entry & 1) === 1
      let run: number
      do {
        run = leaves[++at]!
        const from = firstOf(run) * 2
        const crossings = crossRun(vertices, from, from + lengthOf(run) * 2, x, y, refX, refY)
        if (crossings >= 0 || rule === 'half-open') inside = inside !== ((crossings & 1) === 1)
        else {
          inside = rule === 'inside'
          while (run >= 0) run = leaves[++at]!
        }
      } while (run >= 0)
      at++
      if (inside) owners.push(entry >> 2)
    }
  }

  /**
   * Reads a corner of each run. The processor then fetches them at once from memory, where many fences lie, and not one after
   * the other: with 100,000 of them a place is found a tenth faster.
   */
  #fetch(first: number, entries: number): void {
    const { leaves, table } = this.#arrays
    let sum = 0
    let at = first
    for (let left = entries; left > 0; left--) {
      let run: number
      do {
        run = leaves[++at]!
        sum += table.vertices[firstOf(run) * 2]!
      } while (run >= 0)
      at++
    }
    this.fetched = sum
  }

  /** Whether a place is within `metres` of the lines of an entry. */
  #nearLines(entry: number, metres: number, x: number, y: number): boolean {
    const { leaves, table } = this.#arrays
    let at = entry
    let run: number
    do {
      run = leaves[++at]!
      const first = firstOf(run) * 2
      if (withinRun(table.vertices, first, first + lengthOf(run) * 2, x, y, metres)) return true
    } while (run >= 0)
    return false
  }

  /** Appends the owners of the outlines that the straight way from a to b touches. */
  along(ax: number, ay: number, bx: number, by: number, owners: number[]): void {
    // A way that begins outside comes in over a border.
    this.locate(ax, ay, 'inside', owners)
    this.#alongNode(0, 0, 0, 0, [ax, ay, bx, by], owners)
  }

  #alongNode(node: number, level: number, unitX: number, unitY: number, way: Segment, owners: number[]): void {
    const { grid, tree } = this.#arrays
    const size = 2 ** (gridBits - level)
    if (!segmentTouchesBox(way, grid.x(unitX), grid.y(unitY), grid.x(unitX + size), grid.y(unitY + size))) return
    const value = tree[node]!
    if (value < 0) return this.#alongLeaf(~value, way, owners)
    const half = size / 2
    for (let quadrant = 0; quadrant < 4; quadrant++) {
      const childX = unitX + (quadrant & 1) * half
      const childY = unitY + (quadrant >> 1) * half
      this.#alongNode(value + quadrant, level + 1, childX, childY, way, owners)
    }
  }

  #alongLeaf(place: number, way: Segment, owners: number[]): void {
    const { leaves, table } = this.#arrays
    const { vertices } = table
    let at = place + 2 + Math.max(0, leaves[place]!)
    for (let entries = leaves[place + 1]! >> 5; entries > 0; entries--) {
      const entry = leaves[at]!
      const isArea = (entry & lineEntry) === 0
      const metres = isArea ? Number.NaN : table.metres[entry >> 2]!
      let touched = false
      let run: number
      do {
        run = leaves[++at]!
        const end = (firstOf(run) + lengthOf(run)) * 2
        for (let vertex = firstOf(run) * 2; vertex < end && !touched; vertex += 2) {
          const edge = [vertices[vertex]!, vertices[vertex + 1]!, vertices[vertex + 2]!, vertices[vertex + 3]!] as const
          touched = segmentsMeet(way, edge) || segmentGap(way, edge) <= metres
        }
      } while (run >= 0)
      at++
      if (touched) owners.push(isArea ? entry >> 2 : table.owners[entry >> 2]!)
    }
  }
}

/** The point is on one of the edges; the lowest bit still tells whether the number of crossings is odd. */
const onBorder = 1 << 31

/**
 * How many of the edges from `first` to `end` the way from a point to the reference point crosses, negative when the point
 * lies on one of them. Almost always the signs of four products tell, whatever was lost in rounding; where they do not, as on
 * a border, `crossExactly` decides.
 */
function crossRun(
  vertices: Float64Array,
  first: number,
  end: number,
  x: number,
  y: number,
  refX: number,
  refY: number,
): number {
  let crossings = 0
  const alongX = refX - x
  const alongY = refY - y
  const along = Math.abs(alongX) + Math.abs(alongY)
  let ax = vertices[first]! - x
  let ay = vertices[first + 1]! - y
  let a = alongX * ay - alongY * ax
  for (let vertex = first + 2; vertex <= end; vertex += 2) {
    const bx = vertices[vertex]! - x
    const by = vertices[vertex + 1]! - y
    const b = alongX * by - alongY * bx
    // On which side of the edge the point lies, and the reference point.
    const p = ax * by - ay * bx
    const q = p + a - b
    const size = Math.abs(ax) + Math.abs(ay) + Math.abs(bx) + Math.abs(by)
    const unsure = rounding * size * (size + along) + tiny
    if (Math.abs(a) > unsure && Math.abs(b) > unsure && Math.abs(p) > unsure && Math.abs(q) > unsure) {
      if (a * b < 0 && p * q < 0) crossings++
    } else {
      const count = crossExactly(vertices, vertex - 2, a, b, x, y, refX, refY)
      crossings = (crossings | (count & onBorder)) + (count & 1)
    }
    ax = bx
    ay = by
    a = b
  }
  return crossings
}

/** Products of differences of coordinates are wrong by less than this share of their factors' sizes. */
const rounding = 1e-14
/** Products of two numbers above do not vanish. */
const tiny = 1e-60

/** 1 if the way crosses the edge at `at`, with `onBorder` if the point is on it. */
function crossExactly(
  vertices: Float64Array,
  at: number,
  a: number,
  b: number,
  x: number,
  y: number,
  refX: number,
  refY: number,
): number {
  // Both ends on one side: the way does not cross the edge, and the point is not on it.
  if (a > 0 === b > 0 && a !== 0 && b !== 0) return 0
  const ax = vertices[at]!
  const ay = vertices[at + 1]!
  const bx = vertices[at + 2]!
  const by = vertices[at + 3]!
  const border = onEdge(ax, ay, bx, by, x, y) ? onBorder : 0
  const crosses = a > 0 !== b > 0 && left(ax, ay, bx, by, x, y) !== left(ax, ay, bx, by, refX, refY)
  return crosses ? border | 1 : border
}

function withinRun(vertices: Float64Array, first: number, end: number, x: number, y: number, metres: number): boolean {
  for (let at = first; at < end; at += 2)
    if (metresToSegment(x, y, vertices[at]!, vertices[at + 1]!, vertices[at + 2]!, vertices[at + 3]!) <= metres)
      return true
  return false
}

/** Metres between two segments that do not cross: the least distance is at an end of one of them. */
function segmentGap([ax, ay, bx, by]: Segment, [cx, cy, dx, dy]: Segment): number {
  return Math.min(
    metresToSegment(ax, ay, cx, cy, dx, dy),
    metresToSegment(bx, by, cx, cy, dx, dy),
    metresToSegment(cx, cy, ax, ay, bx, by),
    metresToSegment(dx, dy, ax, ay, bx, by),
  )
}

function jumpTable(tree: Int32Array, bits: number): Int32Array {
  const side = 2 ** bits
  const table = new Int32Array(side * side)
  const fill = (value: number, level: number, x: number, y: number): void => {
    const size = 2 ** (bits - level)
    if (value < 0 || level === bits) {
      for (let row = y; row < y + size; row++) table.fill(value, row * side + x, row * side + x + size)
      return
    }
    for (let quadrant = 0; quadrant < 4; quadrant++)
      fill(
        ...([tree[value + quadrant]!, level + 1] as const),
        ...([x + ((quadrant & 1) * size) / 2, y + ((quadrant >> 1) * size) / 2] as const),
      )
  }
  fill(tree[0]!, 0, 0, 0)
  return table
}
