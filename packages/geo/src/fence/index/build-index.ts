import { Cell } from './cell.ts'
import { isArea, tabulate, type GeometryTable } from './geometry-table.ts'
import { Grid, referenceX, referenceY } from './grid.ts'
import { CellSplitter, parityShift } from './cell-splitter.ts'
import { GrowableInts } from './growable.ts'
import { InnerList } from './inner-list.ts'
import { LeafWriter, type LeafContents } from './leaf-writer.ts'
import { leavesByLevel } from './leaves-by-level.ts'
import { OutlineBoxes } from './outline-boxes.ts'
import { OutlineIndex } from './outline-index.ts'
import type { Outline } from './outline.ts'
import { left, side } from './predicates.ts'

const deepest = 20
const quadrants = [0, 1, 2, 3] as const
/** After so many levels at which a cell kept most of its parent's edges, halving it does not separate them. */
const patience = 2

/**
 * Cells are divided no further when each of their edges stood in so many cells on average: long parallel edges that lie
 * closer than the leaves would be wide are otherwise repeated without end.
 */
const mostCopies = 16

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
  readonly #boxes: OutlineBoxes
  /** Per node: the first of its four children, or the complement of its leaf's place. */
  readonly #tree = new GrowableInts()
  /** What the cells on the way down hold: `[outline, parity, edges, edge…]…`, or {@link whole} and no edges. */
  readonly #stack: GrowableInts
  /** Per edge on the stack: what it is to the quadrants of the cell that is being divided. */
  #masks = new Uint8Array(0)
  readonly #splitter: CellSplitter
  readonly #writer: LeafWriter

  constructor(table: GeometryTable, leafEdges: number) {
    this.#table = table
    this.#leafEdges = leafEdges
    this.#grid = new Grid(boundingBox(table))
    this.#boxes = new OutlineBoxes(this.#grid, table)
    this.#stack = new GrowableInts(table.owners.length * 3 + 1024)
    this.#splitter = new CellSplitter(this.#grid, table, new Cell(this.#grid, 0, 0, 0))
    this.#writer = new LeafWriter(this.#grid, table)
  }

  build(): OutlineIndex {
    this.#tree.reserve(1)
    const root = new Cell(this.#grid, 0, 0, 0)
    let edges = 0
    for (let outline = 0; outline < this.#table.owners.length; outline++) edges += this.#push(outline, root)
    this.#divide(0, root, { from: 0, edges, inner: undefined, stuck: 0, copies: 1 })
    const { leaves, places, inner, trees } = this.#writer
    const tree = this.#tree.trimmed()
    return new OutlineIndex({
      ...{ table: this.#table, grid: this.#grid, tree, trees },
      ...{ leaves: leavesByLevel(tree, leaves, places), inner: inner.trimmed() },
    })
  }

  /** Pushes an outline that lies in the cell with all of its edges, and says how many these are. */
  #push(outline: number, cell: Cell): number {
    const quadrant = isArea(this.#table, outline) ? this.#boxes.quadrantOf(outline, cell) : -1
    if (quadrant < 0) this.#pushEdges(outline, cell)
    else this.#pushHeader(outline, whole + quadrant)
    return this.#boxes.edges[outline]!
  }

  #pushHeader(outline: number, parity: number): number {
    const header = this.#stack.reserve(3)
    this.#stack.values[header] = outline
    this.#stack.values[header + 1] = parity
    this.#stack.values[header + 2] = 0
    return header
  }

  #pushEdges(outline: number, cell: Cell): void {
    const stack = this.#stack
    const header = this.#pushHeader(outline, 0)
    const lines = this.#table.lines[outline]!
    for (let line = 0; line < lines.length; line += 2) {
      const count = lines[line + 1]! - lines[line]!
      const at = stack.reserve(count)
      for (let index = 0; index < count; index++) stack.values[at + index] = lines[line]! + index
    }
    const count = stack.length - header - 3
    stack.values[header + 2] = count
    if (isArea(this.#table, outline) && this.#inside(header + 3, count, cell)) stack.values[header + 1] = 1
  }

  /** Fills the node with four children or a leaf. The cell's entries lie on the stack from `from` to its end. */
  #divide(node: number, cell: Cell, { from, edges, inner, stuck, copies }: Contents): void {
    if (edges <= this.#leafEdges || cell.level >= deepest || stuck >= patience)
      return this.#end(node, cell, { from, inner, isCrowded: false })
    const until = this.#stack.length
    const children = quadrants.map((quadrant) => cell.child(this.#grid, quadrant))
    const repeated = copies * (this.#split(cell, children, from, until) / edges)
    if (repeated > mostCopies) return this.#end(node, cell, { from, inner, isCrowded: true })
    const first = this.#tree.reserve(4)
    this.#tree.values[node] = first
    for (const quadrant of quadrants) {
      const child = children[quadrant]!
      const contents = this.#take(quadrant, child, { from, until, inner })
      const stays = contents.edges > edges * 0.6
      this.#divide(first + quadrant, child, {
        ...{ from: until, edges: contents.edges, inner: contents.inner },
        ...{ stuck: stays ? stuck + 1 : 0, copies: repeated },
      })
      this.#stack.length = until
    }
  }

  /** Fills the node with a leaf. */
  #end(node: number, cell: Cell, { from, ...contents }: LeafContents): void {
    const stack = this.#stack
    const until = stack.length
    // Those that came down unopened are opened beyond the others, which are repeated there.
    for (let at = from; at < until; at += 3 + stack.values[at + 2]!)
      if (stack.values[at + 1]! >= whole) this.#pushEdges(stack.values[at]!, cell)
      else stack.repeat(at, 3 + stack.values[at + 2]!)
    this.#tree.values[node] = ~this.#writer.write(cell, stack, { from: until, ...contents })
  }

  /** Notes beside each edge what it is to the quadrants, and says how many edges these will have altogether. */
  #split(cell: Cell, children: readonly Cell[], from: number, until: number): number {
    const { values } = this.#stack
    if (this.#masks.length < values.length) this.#masks = grown(this.#masks, values.length)
    const masks = this.#masks
    let total = 0
    this.#splitter.begin(cell, children)
    for (let at = from; at < until;) {
      const outline = values[at]!
      const end = at + 3 + values[at + 2]!
      if (values[at + 1]! >= whole) total += this.#boxes.edges[outline]!
      const metres = this.#table.metres[outline]!
      for (let place = at + 3; place < end; place++) {
        const edge = values[place]!
        const mask = Number.isNaN(metres) ? this.#splitter.maskOf(edge) : this.#nearMask(children, edge, metres)
        masks[place] = mask
        total += quadrantsIn[mask & 15]!
      }
      at = end
    }
    return total
  }

  /** The quadrants of which some place may be within `metres` of an edge. */
  #nearMask(children: readonly Cell[], edge: number, metres: number): number {
    let mask = 0
    for (const quadrant of quadrants) if (children[quadrant]!.near(this.#table, edge, metres)) mask |= 1 << quadrant
    return mask
  }

  /** Pushes what of the parent's entries reaches into a quadrant, and lists the outlines that contain all of it. */
  #take(quadrant: number, child: Cell, { from, until, inner }: ParentContents) {
    const stack = this.#stack
    const containing: number[] = []
    let edges = 0
    for (let at = from; at < until; at += 3 + stack.values[at + 2]!) {
      const outline = stack.values[at]!
      const kind = stack.values[at + 1]!
      if (kind >= whole) {
        if (kind === whole + quadrant) edges += this.#push(outline, child)
        continue
      }
      const header = this.#pushHeader(outline, 0)
      const parity = isArea(this.#table, outline) ? this.#takeArea(at, quadrant) : this.#takeLines(at, quadrant, child)
      const count = stack.length - header - 3
      if (count === 0 || parity === contains) {
        stack.length = header
        if (parity !== 0) containing.push(this.#table.owners[outline]!)
        continue
      }
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

  #takeLines(entry: number, quadrant: number, child: Cell): number {
    const stack = this.#stack
    const end = entry + 3 + stack.values[entry + 2]!
    const metres = this.#table.metres[stack.values[entry]!]!
    for (let at = entry + 3; at < end; at++) {
      if (((this.#masks[at]! >> quadrant) & 1) === 0) continue
      const edge = stack.values[at]!
      if (child.covered(this.#table, edge, metres)) return contains
      stack.push(edge)
    }
    return 0
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
  /** In how many cells of this level each edge stands on average, going by the cells on the way down. */
  readonly copies: number
}

function grown(masks: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length)
  larger.set(masks)
  return larger
}

/** In place of a parity: lines that cover a cell. */
const contains = 2

/** In place of a parity: an area that lies in one quadrant with all of its edges; the number of the quadrant is added. */
const whole = 3

/** How many quadrants a mask names. */
const quadrantsIn = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4] as const

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
