import type { Cell } from './cell.ts'
import { gridBits, unitSlack, type Grid } from './grid.ts'
import type { GeometryTable } from './geometry-table.ts'

/**
 * Bits 0 to 3 of a mask are the quadrants that an edge may touch, bits 4 to 7 those between whose reference point and the
 * parent's the edge lies.
 */
export const parityShift = 4

/** Says for the edges of a cell what they are to its four quadrants, in the grid's units. */
export class CellSplitter {
  readonly #grid: Grid
  readonly #table: GeometryTable
  #cell: Cell
  #children: readonly Cell[] = []
  #x0 = 0
  #y0 = 0
  #size = 0
  #refX = 0
  #refY = 0
  readonly #childX = new Float64Array(4)
  readonly #childY = new Float64Array(4)

  constructor(grid: Grid, table: GeometryTable, root: Cell) {
    this.#grid = grid
    this.#table = table
    this.#cell = root
  }

  begin(cell: Cell, children: readonly Cell[]): void {
    const grid = this.#grid
    this.#cell = cell
    this.#children = children
    this.#x0 = cell.unitX
    this.#y0 = cell.unitY
    this.#size = 2 ** (gridBits - cell.level)
    // By way of degrees: they are what the reference points are.
    this.#refX = grid.unitsX(cell.referenceX)
    this.#refY = grid.unitsY(cell.referenceY)
    for (let quadrant = 0; quadrant < 4; quadrant++) {
      this.#childX[quadrant] = grid.unitsX(children[quadrant]!.referenceX)
      this.#childY[quadrant] = grid.unitsY(children[quadrant]!.referenceY)
    }
  }

  /** The quadrants that the edge may touch, and those whose reference point is on its other side than the cell's. */
  maskOf(edge: number): number {
    const { vertices } = this.#table
    const grid = this.#grid
    const at = edge * 2
    const ax = grid.unitsX(vertices[at]!)
    const ay = grid.unitsY(vertices[at + 1]!)
    const bx = grid.unitsX(vertices[at + 2]!)
    const by = grid.unitsY(vertices[at + 3]!)
    const minX = Math.min(ax, bx)
    const maxX = Math.max(ax, bx)
    const minY = Math.min(ay, by)
    const maxY = Math.max(ay, by)
    const half = this.#size / 2
    const midX = this.#x0 + half
    const midY = this.#y0 + half
    let columns = 0
    if (minX <= midX + unitSlack) columns |= 0b0101
    if (maxX >= midX - unitSlack) columns |= 0b1010
    let rows = 0
    if (minY <= midY + unitSlack) rows |= 0b0011
    if (maxY >= midY - unitSlack) rows |= 0b1100
    let touched = columns & rows
    if ((touched & (touched - 1)) !== 0) touched &= this.#touchedByLine(ax, ay, bx - ax, by - ay)
    let parity = 0
    const refX = this.#refX
    const refY = this.#refY
    for (let quadrant = 0; quadrant < 4; quadrant++) {
      const x = this.#childX[quadrant]!
      const y = this.#childY[quadrant]!
      const apart =
        (minX > refX && minX > x) || (maxX < refX && maxX < x) || (minY > refY && minY > y) || (maxY < refY && maxY < y)
      if (!apart && this.#crosses(edge, quadrant, ax, ay, bx, by)) parity |= 1 << quadrant
    }
    return touched | (parity << parityShift)
  }

  /** The quadrants that a line, endless both ways, may touch: not those whose corners all lie on one side of it. */
  #touchedByLine(ax: number, ay: number, dx: number, dy: number): number {
    const half = this.#size / 2
    const slack = unitSlack * (Math.abs(dx) + Math.abs(dy))
    const x0 = -dy * (this.#x0 - ax)
    const y0 = dx * (this.#y0 - ay)
    const stepX = -dy * half
    const stepY = dx * half
    let touched = 0
    for (let quadrant = 0; quadrant < 4; quadrant++) {
      const x = (quadrant & 1) === 0 ? x0 : x0 + stepX
      const y = quadrant < 2 ? y0 : y0 + stepY
      const low = x + y + Math.min(0, stepX) + Math.min(0, stepY)
      const high = x + y + Math.max(0, stepX) + Math.max(0, stepY)
      if (low <= slack && high >= -slack) touched |= 1 << quadrant
    }
    return touched
  }

  /** Whether the edge lies between the reference points of the cell and a quadrant. */
  #crosses(edge: number, quadrant: number, ax: number, ay: number, bx: number, by: number): boolean {
    const refX = this.#refX
    const refY = this.#refY
    const alongX = this.#childX[quadrant]! - refX
    const alongY = this.#childY[quadrant]! - refY
    ax -= refX
    ay -= refY
    bx -= refX
    by -= refY
    const a = alongX * ay - alongY * ax
    const b = alongX * by - alongY * bx
    // The sides on which the two reference points are of the edge.
    const p = ax * by - ay * bx
    const q = p + a - b
    const unsure = unitSlack * (Math.abs(ax) + Math.abs(ay) + Math.abs(bx) + Math.abs(by) + this.#size)
    if (Math.abs(a) > unsure && Math.abs(b) > unsure && Math.abs(p) > unsure && Math.abs(q) > unsure)
      return a > 0 !== b > 0 && p > 0 !== q > 0
    return this.#children[quadrant]!.crossesBetween(this.#table, edge, this.#cell)
  }
}
