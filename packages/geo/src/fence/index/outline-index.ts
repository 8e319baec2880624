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

/** Finds the outlines that contain a point, or that a way passes through. Owners may be named more than once. */
export class OutlineIndex {
  readonly #arrays: IndexArrays
  /** The tree's value at a fixed level for every cell of it: the upper levels are not walked. */
  readonly #jump: Int32Array
  readonly #jumpBits: number

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
    const { grid, tree, leaves, inner, table } = this.#arrays
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
    for (let list = leaves[place]!; list !== 0; list = inner[list]!) {
      const end = list + 2 + inner[list + 1]!
      for (let at = list + 2; at < end; at++) owners.push(table.owners[inner[at]!]!)
    }
    const head = leaves[place + 1]!
    if (head >= 32) this.#border(place, head, unitX, unitY, x, y, rule, owners)
  }

  #border(
    place: number,
    head: number,
    unitX: number,
    unitY: number,
    x: number,
    y: number,
    rule: BoundaryRule,
    owners: number[],
  ): void {
    const { leaves, table, grid } = this.#arrays
    const { vertices, metres } = table
    const bits = gridBits - (head & 31)
    const size = 1 << bits
    const refX = grid.x((unitX >> bits) * size + size * referenceX)
    const refY = grid.y((unitY >> bits) * size + size * referenceY)
    let at = place + 2
    for (let entries = head >> 5; entries > 0; entries--) {
      const outline = leaves[at]! >> 1
      let inside = (leaves[at]! & 1) === 1
      const width = metres[outline]!
      const isArea = width !== width
      let run: number
      do {
        run = leaves[++at]!
        const first = firstOf(run) * 2
        const end = first + lengthOf(run) * 2
        if (!isArea) {
          inside ||= withinRun(vertices, first, end, x, y, width)
          continue
        }
        const crossings = crossRun(vertices, first, end, x, y, refX, refY)
        if (crossings >= 0 || rule === 'half-open') inside = inside !== ((crossings & 1) === 1)
        else {
          inside = rule === 'inside'
          while (run >= 0) run = leaves[++at]!
        }
      } while (run >= 0)
      at++
      if (inside) owners.push(table.owners[outline]!)
    }
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
    const { vertices, metres } = table
    let at = place + 2
    for (let entries = leaves[place + 1]! >> 5; entries > 0; entries--) {
      const outline = leaves[at]! >> 1
      let touched = false
      let run: number
      do {
        run = leaves[++at]!
        const end = (firstOf(run) + lengthOf(run)) * 2
        for (let vertex = firstOf(run) * 2; vertex < end && !touched; vertex += 2) {
          const edge = [vertices[vertex]!, vertices[vertex + 1]!, vertices[vertex + 2]!, vertices[vertex + 3]!] as const
          touched = segmentsMeet(way, edge) || segmentGap(way, edge) <= metres[outline]!
        }
      } while (run >= 0)
      at++
      if (touched) owners.push(table.owners[outline]!)
    }
  }
}

/** The point is on one of the edges; the lowest bit still tells whether the number of crossings is odd. */
const onBorder = 1 << 31

/**
 * How many of the edges from `first` to `end` the way from a point to the reference point crosses, negative when the point
 * lies on one of them.
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
  let ax = vertices[first]!
  let ay = vertices[first + 1]!
  let a = alongX * (ay - y) - alongY * (ax - x)
  for (let vertex = first + 2; vertex <= end; vertex += 2) {
    const bx = vertices[vertex]!
    const by = vertices[vertex + 1]!
    const b = alongX * (by - y) - alongY * (bx - x)
    // Both ends on one side: the way does not cross the edge, and the point is not on it.
    if (a > 0 !== b > 0 || a === 0 || b === 0) {
      if (onEdge(ax, ay, bx, by, x, y)) crossings |= onBorder
      if (a > 0 !== b > 0 && left(ax, ay, bx, by, x, y) !== left(ax, ay, bx, by, refX, refY)) crossings++
    }
    ax = bx
    ay = by
    a = b
  }
  return crossings
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
