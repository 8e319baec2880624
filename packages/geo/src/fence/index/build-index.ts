import { Cell } from './cell.ts'
import { tabulate, type GeometryTable } from './geometry-table.ts'
import { Grid, referenceX, referenceY } from './grid.ts'
import { pushRuns } from './edge-run.ts'
import { GrowableInts } from './growable.ts'
import { lineEntry, OutlineIndex } from './outline-index.ts'
import type { Outline } from './outline.ts'
import { left, side } from './predicates.ts'

const deepest = 20
/** After so many levels at which a cell kept most of its parent's edges, halving it does not separate them. */
const patience = 2

/** Options of {@link buildIndex}. */
export interface BuildIndexOptions {
  /** Cells with more edges are divided: fewer is faster and larger. @default 4 up to 2,000 outlines, 8 up to 20,000, else 16 */
  readonly leafEdges?: number | undefined
}

/**
 * A quadtree over clipped edges. A leaf knows the outlines that contain it, and for each outline whose border runs through
 * it the edges within and whether its reference point is inside; a point is then compared with a handful of edges, however
 * many the outline has.
 */
export function buildIndex(outlines: readonly Outline[], options: BuildIndexOptions = {}): OutlineIndex {
  const table = tabulate(outlines)
  const builder = new IndexBuilder(table, options.leafEdges ?? defaultLeafEdges(outlines.length))
  return builder.build()
}

function defaultLeafEdges(outlines: number): number {
  return outlines <= 2_000 ? 4 : outlines <= 20_000 ? 8 : 16
}

class IndexBuilder {
  readonly #table: GeometryTable
  readonly #leafEdges: number
  readonly #grid: Grid
  /** Per node: the first of its four children, or the complement of its leaf's place. */
  readonly #tree = new GrowableInts()
  /**
   * `[inner, entries * 32 + level, owner…, (entry, run…)…]`, runs as in `edge-run.ts`. `inner` counts the owners of outlines
   * that contain the cell, or is the complement of the place of a list of them, being many. An entry is `owner * 4 + parity` of
   * an area, `outline * 4 + lineEntry` of lines.
   */
  readonly #leaves = new GrowableInts()
  /** Chained lists of the owners of outlines that contain a cell: `[parent's list, count, owner…]`; 0 is the empty one. */
  readonly #inner = new GrowableInts()
  /** What the cells on the way down hold: `[outline, parity, edges, edge…]…` */
  readonly #stack = new GrowableInts()
  readonly #bare = new Map<InnerList | undefined, number>()

  constructor(table: GeometryTable, leafEdges: number) {
    this.#table = table
    this.#leafEdges = leafEdges
    this.#grid = new Grid(boundingBox(table))
  }

  build(): OutlineIndex {
    this.#inner.reserve(2)
    this.#tree.reserve(1)
    const root = new Cell(this.#grid, 0, 0, 0)
    const edges = this.#pushAll(root)
    this.#divide(0, root, { from: 0, edges, inner: undefined, stuck: 0 })
    return new OutlineIndex({
      ...{ table: this.#table, grid: this.#grid, tree: this.#tree.trimmed() },
      ...{ leaves: this.#leaves.trimmed(), inner: this.#inner.trimmed() },
    })
  }

  #pushAll(root: Cell): number {
    const stack = this.#stack
    let total = 0
    this.#table.lines.forEach((lines, outline) => {
      const header = stack.reserve(3)
      for (let line = 0; line < lines.length; line += 2)
        for (let edge = lines[line]!; edge < lines[line + 1]!; edge++) stack.push(edge)
      const count = stack.length - header - 3
      stack.values[header] = outline
      stack.values[header + 1] = this.#isArea(outline) && this.#inside(header + 3, count, root) ? 1 : 0
      stack.values[header + 2] = count
      total += count
    })
    return total
  }

  /** Fills the node with four children or a leaf. The cell's entries lie on the stack from `from` to its end. */
  #divide(node: number, cell: Cell, { from, edges, inner, stuck }: Contents): void {
    if (edges <= this.#leafEdges || cell.level >= deepest || stuck >= patience) {
      this.#tree.values[node] = ~this.#leaf(cell, from, inner)
      return
    }
    const until = this.#stack.length
    const first = this.#tree.reserve(4)
    this.#tree.values[node] = first
    for (let quadrant = 0; quadrant < 4; quadrant++) {
      const child = cell.child(this.#grid, quadrant)
      const contents = this.#clip(child, cell, { from, until, inner })
      const stays = contents.edges > edges * 0.6
      this.#divide(first + quadrant, child, { from: until, ...contents, stuck: stays ? stuck + 1 : 0 })
      this.#stack.length = until
    }
  }

  /** Pushes what of the parent's entries reaches into the child, and lists the outlines that contain all of it. */
  #clip(child: Cell, parent: Cell, { from, until, inner }: ParentContents) {
    const stack = this.#stack
    const containing: number[] = []
    let edges = 0
    for (let at = from; at < until; at += 3 + stack.values[at + 2]!) {
      const header = stack.reserve(3)
      const outline = stack.values[at]!
      const parity = this.#isArea(outline) ? this.#clipArea(at, child, parent) : this.#clipLines(at, child)
      const count = stack.length - header - 3
      if (count === 0 || parity === contains) {
        stack.length = header
        if (parity !== 0) containing.push(this.#table.owners[outline]!)
        continue
      }
      stack.values[header] = outline
      stack.values[header + 1] = parity
      stack.values[header + 2] = count
      edges += count
    }
    return { edges, inner: containing.length === 0 ? inner : new InnerList(inner, containing) }
  }

  #clipArea(entry: number, child: Cell, parent: Cell): number {
    const stack = this.#stack
    const count = stack.values[entry + 2]!
    let parity = stack.values[entry + 1]!
    for (let index = 0; index < count; index++) {
      const edge = stack.values[entry + 3 + index]!
      if (child.crossesBetween(this.#table, edge, parent)) parity ^= 1
      if (child.touches(this.#table, edge)) stack.push(edge)
    }
    return parity
  }

  #clipLines(entry: number, child: Cell): number {
    const stack = this.#stack
    const count = stack.values[entry + 2]!
    const metres = this.#table.metres[stack.values[entry]!]!
    for (let index = 0; index < count; index++) {
      const edge = stack.values[entry + 3 + index]!
      if (child.covered(this.#table, edge, metres)) return contains
      if (child.near(this.#table, edge, metres)) stack.push(edge)
    }
    return 0
  }

  #leaf(cell: Cell, from: number, inner: InnerList | undefined): number {
    const stack = this.#stack
    const leaves = this.#leaves
    if (from === stack.length) return this.#bareLeaf(inner)
    const place = this.#leafHead(inner)
    let entries = 0
    for (let at = from; at < stack.length; at += 3 + stack.values[at + 2]!) {
      const outline = stack.values[at]!
      const isArea = this.#isArea(outline)
      leaves.push(isArea ? this.#table.owners[outline]! * 4 + stack.values[at + 1]! : outline * 4 + lineEntry)
      pushRuns(leaves, stack.values, at + 3, stack.values[at + 2]!)
      entries++
    }
    leaves.values[place + 1] = entries * 32 + cell.level
    return place
  }

  /** Leaves without a border are the same for all cells with the same list. */
  #bareLeaf(inner: InnerList | undefined): number {
    let place = this.#bare.get(inner)
    if (place === undefined) {
      place = this.#leafHead(inner)
      this.#bare.set(inner, place)
    }
    return place
  }

  #leafHead(inner: InnerList | undefined): number {
    const leaves = this.#leaves
    const place = leaves.reserve(2)
    const size = inner?.size ?? 0
    leaves.values[place] = size > mostInnerInLeaf ? ~this.#chained(inner) : size
    leaves.values[place + 1] = 0
    if (size <= mostInnerInLeaf)
      for (let list = inner; list !== undefined; list = list.parent) for (const owner of list.owners) leaves.push(owner)
    return place
  }

  /** The place of a list among those that leaves share. */
  #chained(list: InnerList | undefined): number {
    if (list === undefined) return 0
    if (list.place === 0) {
      const parent = this.#chained(list.parent)
      list.place = this.#inner.reserve(2)
      this.#inner.values[list.place] = parent
      this.#inner.values[list.place + 1] = list.owners.length
      for (const owner of list.owners) this.#inner.push(owner)
    }
    return list.place
  }

  #isArea(outline: number): boolean {
    return Number.isNaN(this.#table.metres[outline])
  }

  /** Whether the cell's reference point is inside: a way from far outside crosses an odd number of edges. */
  #inside(first: number, count: number, cell: Cell): boolean {
    const { vertices } = this.#table
    const farX = this.#grid.minX - 1 - referenceX
    const farY = this.#grid.minY - 1 - referenceY
    const { referenceX: x, referenceY: y } = cell
    let inside = false
    for (let index = 0; index < count; index++) {
      const at = this.#stack.values[first + index]! * 2
      const ax = vertices[at]!
      const ay = vertices[at + 1]!
      const bx = vertices[at + 2]!
      const by = vertices[at + 3]!
      if (side(farX, farY, x, y, ax, ay) > 0 === side(farX, farY, x, y, bx, by) > 0) continue
      if (left(ax, ay, bx, by, farX, farY) !== left(ax, ay, bx, by, x, y)) inside = !inside
    }
    return inside
  }
}

interface ParentContents {
  /** Where its entries lie on the stack. */
  readonly from: number
  readonly until: number
  readonly inner: InnerList | undefined
}

interface Contents {
  /** Where its entries begin on the stack. */
  readonly from: number
  readonly edges: number
  readonly inner: InnerList | undefined
  readonly stuck: number
}

/** The owners of outlines that contain a cell, but not its parent; those that contain the parent as well are in its list. */
class InnerList {
  readonly parent: InnerList | undefined
  readonly owners: readonly number[]
  readonly size: number
  /** Among the chained lists, 0 when it is not one of them. */
  place = 0

  constructor(parent: InnerList | undefined, owners: readonly number[]) {
    this.parent = parent
    this.owners = owners
    this.size = (parent?.size ?? 0) + owners.length
  }
}

/** More outlines than this that contain a cell are not listed in its leaf, but in a list that leaves share. */
const mostInnerInLeaf = 6

/** In place of a parity: lines that cover a cell. */
const contains = 2

/** Of everything, no larger than the earth. */
function boundingBox({ vertices, metres, lines }: GeometryTable): [number, number, number, number] {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  lines.forEach((ranges, outline) => {
    const upY = Number.isNaN(metres[outline]) ? 0 : (metres[outline]! / 111_000) * 1.01
    for (let line = 0; line < ranges.length; line += 2)
      for (let vertex = ranges[line]!; vertex <= ranges[line + 1]!; vertex++) {
        const x = vertices[vertex * 2]!
        const y = vertices[vertex * 2 + 1]!
        const rim = Math.min(89.9, Math.abs(y) + upY)
        const upX = upY === 0 ? 0 : rim >= 89.9 ? 360 : upY / Math.cos((rim * Math.PI) / 180)
        minX = Math.min(minX, x - upX)
        maxX = Math.max(maxX, x + upX)
        minY = Math.min(minY, y - upY)
        maxY = Math.max(maxY, y + upY)
      }
  })
  if (minX > maxX) return [0, 0, 1, 1]
  return [Math.max(-180, minX), Math.max(-90, minY), Math.min(180, maxX), Math.min(90, maxY)]
}
