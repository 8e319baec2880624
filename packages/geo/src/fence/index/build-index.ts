import { Cell } from './cell.ts'
import { tabulate, type GeometryTable } from './geometry-table.ts'
import { Grid, referenceX, referenceY } from './grid.ts'
import { lastRun, lengthened, mayGrow, pushRuns, runOf } from './edge-run.ts'
import { CellSplitter, parityShift } from './cell-splitter.ts'
import { EdgeClipper } from './edge-clipper.ts'
import { GrowableInts } from './growable.ts'
import { headOf, innerIsChained, mostInnerInLeaf } from './leaf-head.ts'
import { lineEntry, OutlineIndex } from './outline-index.ts'
import type { Outline } from './outline.ts'
import { left, side } from './predicates.ts'

const deepest = 20
const quadrants = [0, 1, 2, 3] as const
/** After so many levels at which a cell kept most of its parent's edges, halving it does not separate them. */
const patience = 2

/** Options of {@link buildIndex}. */
export interface BuildIndexOptions {
  /** Cells with more edges are divided: fewer is faster and larger. @default 4 up to 2,000 outlines, 8 up to 20,000, else 20 */
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
  return outlines <= 2_000 ? 4 : outlines <= 20_000 ? 8 : 20
}

class IndexBuilder {
  readonly #table: GeometryTable
  readonly #leafEdges: number
  readonly #grid: Grid
  /** Per node: the first of its four children, or the complement of its leaf's place. */
  readonly #tree = new GrowableInts()
  /**
   * `[head, owner…, (entry, (run, point…)…)…]`, the head as in `leaf-head.ts`, runs as in `edge-run.ts`, points as in
   * `cell-points.ts`: one more than the run has edges, none for lines. The owners are those of outlines that contain the cell.
   * An entry is `owner * 4 + parity` of an area, `outline * 4 + lineEntry` of lines.
   */
  readonly #leaves = new GrowableInts()
  /** Chained lists of the owners of outlines that contain a cell: `[parent's list, count, owner…]`; 0 is the empty one. */
  readonly #inner = new GrowableInts()
  /** What the cells on the way down hold: `[outline, parity, edges, edge…]…` */
  readonly #stack = new GrowableInts()
  /** Per edge on the stack: what it is to the quadrants of the cell that is being divided. */
  #masks = new Uint8Array(0)
  /** The entries of the leaf that is being made. */
  readonly #border = new GrowableInts()
  readonly #splitter: CellSplitter
  readonly #clipper: EdgeClipper
  readonly #bare = new Map<InnerList | undefined, number>()

  constructor(table: GeometryTable, leafEdges: number) {
    this.#table = table
    this.#leafEdges = leafEdges
    this.#grid = new Grid(boundingBox(table))
    this.#splitter = new CellSplitter(this.#grid, table, new Cell(this.#grid, 0, 0, 0))
    this.#clipper = new EdgeClipper(this.#grid, table.vertices)
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
    const children = quadrants.map((quadrant) => cell.child(this.#grid, quadrant))
    this.#split(cell, children, from, until)
    const first = this.#tree.reserve(4)
    this.#tree.values[node] = first
    for (const quadrant of quadrants) {
      const child = children[quadrant]!
      const contents = this.#take(quadrant, child, { from, until, inner })
      const stays = contents.edges > edges * 0.6
      this.#divide(first + quadrant, child, { from: until, ...contents, stuck: stays ? stuck + 1 : 0 })
      this.#stack.length = until
    }
  }

  /** Notes beside each edge of an area what it is to the quadrants. */
  #split(cell: Cell, children: readonly Cell[], from: number, until: number): void {
    const { values } = this.#stack
    if (this.#masks.length < values.length) this.#masks = grown(this.#masks, values.length)
    const masks = this.#masks
    this.#splitter.begin(cell, children)
    for (let at = from; at < until;) {
      const end = at + 3 + values[at + 2]!
      if (this.#isArea(values[at]!))
        for (let place = at + 3; place < end; place++) masks[place] = this.#splitter.maskOf(values[place]!)
      at = end
    }
  }

  /** Pushes what of the parent's entries reaches into a quadrant, and lists the outlines that contain all of it. */
  #take(quadrant: number, child: Cell, { from, until, inner }: ParentContents) {
    const stack = this.#stack
    const containing: number[] = []
    let edges = 0
    for (let at = from; at < until; at += 3 + stack.values[at + 2]!) {
      const header = stack.reserve(3)
      const outline = stack.values[at]!
      const parity = this.#isArea(outline) ? this.#takeArea(at, quadrant) : this.#takeLines(at, child)
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

  #takeArea(entry: number, quadrant: number): number {
    const stack = this.#stack
    const masks = this.#masks
    const end = entry + 3 + stack.values[entry + 2]!
    let parity = stack.values[entry + 1]!
    for (let at = entry + 3; at < end; at++) {
      const mask = masks[at]! >> quadrant
      parity ^= (mask >> parityShift) & 1
      if ((mask & 1) === 1) stack.push(stack.values[at]!)
    }
    return parity
  }

  #takeLines(entry: number, child: Cell): number {
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
    const border = this.#border
    border.length = 0
    this.#clipper.begin(cell)
    let entries = 0
    let within = inner
    for (let at = from; at < stack.length; at += 3 + stack.values[at + 2]!) {
      const outline = stack.values[at]!
      const owner = this.#table.owners[outline]!
      const isArea = this.#isArea(outline)
      const header = border.length
      border.push(isArea ? owner * 4 + stack.values[at + 1]! : outline * 4 + lineEntry)
      if (isArea) this.#pushClipped(at + 3, stack.values[at + 2]!)
      else pushRuns(border, stack.values, at + 3, stack.values[at + 2]!)
      if (border.length > header + 1) entries++
      else {
        // All of its edges pass the cell by.
        border.length = header
        if (stack.values[at + 1] === 1) within = new InnerList(within, [owner])
      }
    }
    if (entries === 0) return this.#bareLeaf(within)
    const place = this.#leafHead(within, cell.level, entries)
    this.#leaves.append(border)
    return place
  }

  /** Writes edges, ascending, as runs with the points where they are cut at the cell's sides. */
  #pushClipped(from: number, count: number): void {
    const { values } = this.#stack
    const border = this.#border
    const clipper = this.#clipper
    let run = -1
    let next = -1
    for (let index = from; index < from + count; index++) {
      const edge = values[index]!
      if (!clipper.clip(edge)) continue
      if (run < 0 || edge !== next || !mayGrow(border.values[run]!)) {
        run = border.length
        border.push(runOf(edge))
        border.push(clipper.start)
      } else border.values[run] = lengthened(border.values[run]!)
      border.push(clipper.end)
      next = clipper.reachesEnd ? edge + 1 : -1
    }
    if (run >= 0) border.values[run] = lastRun(border.values[run]!)
  }

  /** Leaves without a border are the same for all cells with the same list. */
  #bareLeaf(inner: InnerList | undefined): number {
    let place = this.#bare.get(inner)
    if (place === undefined) {
      place = this.#leafHead(inner, 0, 0)
      this.#bare.set(inner, place)
    }
    return place
  }

  #leafHead(inner: InnerList | undefined, level: number, entries: number): number {
    const leaves = this.#leaves
    const place = leaves.length
    const size = inner?.size ?? 0
    const isChained = size > mostInnerInLeaf
    leaves.push(headOf(level, isChained ? innerIsChained : size, entries))
    if (isChained) leaves.push(this.#chained(inner))
    else
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

function grown(masks: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length)
  larger.set(masks)
  return larger
}

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
