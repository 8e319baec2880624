import type { Position } from '../../coordinates/position.ts'
import { metresToSegment } from '../../coordinates/sphere.ts'
import type { GeometryTable } from './geometry-table.ts'
import { acrossOf, doubtOf, stepsPerUnit, stepsToReferenceX, stepsToReferenceY, upOf } from './cell-points.ts'
import { crossExactly } from './edge-crossing.ts'
import type { EdgeTree } from './edge-tree.ts'
import { firstOf, lengthOf } from './edge-run.ts'
import { gridBits, referenceX, referenceY, type Grid } from './grid.ts'
import { entriesAfter, entriesOf, innerIsChained, innerOf, levelOf } from './leaf-head.ts'
import { segmentsMeet, segmentTouchesBox, type Segment } from './predicates.ts'

/** What a point on the border counts as; `half-open`: of two fences with a common edge exactly one has it. */
export type BoundaryRule = 'inside' | 'outside' | 'half-open'

/** The arrays of a built index; `buildIndex` says what stands in them. */
export interface IndexArrays {
  readonly table: GeometryTable
  readonly grid: Grid
  readonly tree: Int32Array
  readonly leaves: Int32Array
  readonly inner: Int32Array
  /** Of the outlines that have entries of that kind. */
  readonly trees: ReadonlyMap<number, EdgeTree>
}

const mostJumpBits = 9

/** Marks the entry of lines in a leaf. */
export const lineEntry = 2

/** Marks the entry of an area that is asked by its tree. */
export const treeEntry = 3

/** Finds the outlines that contain a point, or that a way passes through. Owners may be named more than once. */
export class OutlineIndex {
  readonly #arrays: IndexArrays
  /** The tree's value at a fixed level for every cell of it: the upper levels are not walked. */
  readonly #jump: Int32Array
  readonly #jumpBits: number
  /** What the last `locate` found. */
  readonly found: Int32Array

  constructor(arrays: IndexArrays) {
    this.#arrays = arrays
    this.#jumpBits = Math.min(mostJumpBits, Math.ceil(Math.log2(Math.max(1, arrays.tree.length)) / 2))
    this.#jump = jumpTable(arrays.tree, this.#jumpBits)
    this.found = new Int32Array(arrays.table.owners.length + 1)
  }

  /** Bytes of the index, coordinates included. */
  get bytes(): number {
    const { table, tree, leaves, inner, trees } = this.#arrays
    const { vertices, owners, metres } = table
    let sum = 0
    for (const array of [vertices, owners, metres, tree, leaves, inner, this.#jump, this.found]) sum += array.byteLength
    for (const { bytes } of trees.values()) sum += bytes
    return sum
  }

  /**
   * Writes the owners of the outlines that contain the point into `found` and says how many there are. It takes the position
   * as it is: numbers handed from function to function become objects.
   */
  locate(position: Position, rule: BoundaryRule): number {
    const x = position[0]
    const y = position[1]
    const { grid, tree, leaves } = this.#arrays
    if (!grid.contains(x, y)) return 0
    const unitsX = grid.unitsX(x)
    const unitsY = grid.unitsY(y)
    const unitX = unitsX | 0
    const unitY = unitsY | 0
    let shift = gridBits - this.#jumpBits
    let value = this.#jump[((unitY >> shift) << this.#jumpBits) + (unitX >> shift)]!
    while (value >= 0) {
      shift--
      value = tree[value + (((unitY >> shift) & 1) << 1) + ((unitX >> shift) & 1)]!
    }
    const place = ~value
    const { found } = this
    const head = leaves[place]!
    const inner = innerOf(head)
    let count = 0
    let at = place + 1
    if (inner !== innerIsChained) while (count < inner) found[count++] = leaves[at++]!
    else count = this.#chained(leaves[at++]!)
    const entries = entriesOf(head)
    if (entries === 0) return count
    const bits = gridBits - levelOf(head)
    const steps = stepsPerUnit[bits]!
    const stepX = ((unitsX - ((unitX >> bits) << bits)) * steps) | 0
    const stepY = ((unitsY - ((unitY >> bits) << bits)) * steps) | 0
    const alongX = stepsToReferenceX - stepX
    const alongY = stepsToReferenceY - stepY
    for (let left = entries; left > 0; left--) {
      const first = at
      const entry = leaves[at]!
      if ((entry & lineEntry) !== 0) {
        const outline = entry >> 2
        if ((entry & treeEntry) === treeEntry) {
          if (this.#arrays.trees.get(outline)!.contains(x, y, rule))
            found[count++] = this.#arrays.table.owners[outline]!
          at++
          continue
        }
        if (this.#nearLines(at, this.#arrays.table.metres[outline]!, x, y))
          found[count++] = this.#arrays.table.owners[outline]!
        while (leaves[++at]! >= 0);
        at++
        continue
      }
      let inside = entry & 1
      let unsure = 0
      let run: number
      do {
        run = leaves[++at]!
        const point = leaves[++at]!
        const end = at + lengthOf(run)
        let ax = acrossOf(point) - stepX
        let ay = upOf(point) - stepY
        let a = Math.imul(alongX, ay) - Math.imul(alongY, ax)
        let unsureA = doubtOf(a)
        while (at < end) {
          const next = leaves[++at]!
          const bx = acrossOf(next) - stepX
          const by = upOf(next) - stepY
          const b = Math.imul(alongX, by) - Math.imul(alongY, bx)
          const unsureB = doubtOf(b)
          // On which side of the edge the point lies, and the reference point.
          const p = Math.imul(ax, by) - Math.imul(ay, bx)
          const q = p + a - b
          const ends = a ^ b
          const sides = p ^ q
          inside ^= (ends & sides) >>> 31
          // One pair is unsure, and the other does not surely have one sign. In sign bits, for the loop's numbers do not stay
          // in registers beside a branch that compares them again.
          const unsureEnds = unsureA | unsureB
          const unsureSides = doubtOf(p) | doubtOf(q)
          unsure |= (unsureEnds & (sides | unsureSides)) | (unsureSides & (ends | unsureEnds))
          ax = bx
          ay = by
          a = b
          unsureA = unsureB
        }
      } while (run >= 0)
      at++
      if (unsure < 0) inside = this.#isInside(first, bits, x, y, rule) ? 1 : 0
      found[count] = entry >> 2
      count += inside
    }
    return count
  }

  #chained(first: number): number {
    const { inner } = this.#arrays
    const { found } = this
    let count = 0
    for (let list = first; list !== 0; list = inner[list]!) {
      const end = list + 2 + inner[list + 1]!
      for (let at = list + 2; at < end; at++) found[count++] = inner[at]!
    }
    return count
  }

  /** Whether the area of an entry contains a place, by its very edges. */
  #isInside(entry: number, bits: number, x: number, y: number, rule: BoundaryRule): boolean {
    const { grid, leaves, table } = this.#arrays
    const size = 2 ** bits
    const refX = grid.x(((grid.unitsX(x) | 0) >> bits) * size + size * referenceX)
    const refY = grid.y(((grid.unitsY(y) | 0) >> bits) * size + size * referenceY)
    let inside = (leaves[entry]! & 1) === 1
    let at = entry + 1
    for (;;) {
      const run = leaves[at]!
      const from = firstOf(run) * 2
      const crossings = crossExactly(table.vertices, from, from + lengthOf(run) * 2, x, y, refX, refY)
      if (crossings < 0 && rule !== 'half-open') return rule === 'inside'
      inside = inside !== ((crossings & 1) === 1)
      if (run < 0) return inside
      at += lengthOf(run) + 2
    }
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
    const count = this.locate([ax, ay], 'inside')
    for (let at = 0; at < count; at++) owners.push(this.found[at]!)
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
    const { leaves, table, trees } = this.#arrays
    const { vertices } = table
    const head = leaves[place]!
    let at = entriesAfter(place, head)
    for (let entries = entriesOf(head); entries > 0; entries--) {
      const entry = leaves[at]!
      if ((entry & treeEntry) === treeEntry) {
        // It has such entries in many leaves on the way: once is enough.
        const owner = table.owners[entry >> 2]!
        if (!owners.includes(owner) && trees.get(entry >> 2)!.meets(way)) owners.push(owner)
        at++
        continue
      }
      const isArea = (entry & lineEntry) === 0
      const metres = isArea ? Number.NaN : table.metres[entry >> 2]!
      let touched = false
      let run: number
      do {
        run = leaves[++at]!
        if (isArea) at += lengthOf(run) + 1
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
