import { earthRadius, metresToSegment, radians } from '../../coordinates/sphere.ts'
import type { GeometryTable } from './geometry-table.ts'
import { gridBits, referenceX, referenceY, type Grid } from './grid.ts'
import { left, segmentTouchesBox, side, type Segment } from './predicates.ts'

/** Rounding may put a point of the cell a little beyond its sides. */
const slack = 1e-9

/** One cell of the quadtree while it is built. */
export class Cell {
  readonly level: number
  /** Corner nearest to the origin, in units of the grid. */
  readonly unitX: number
  readonly unitY: number
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
  readonly referenceX: number
  readonly referenceY: number

  constructor(grid: Grid, level: number, unitX: number, unitY: number) {
    const size = 2 ** (gridBits - level)
    this.level = level
    this.unitX = unitX
    this.unitY = unitY
    const width = size * grid.unitX
    const height = size * grid.unitY
    this.x0 = grid.x(unitX) - width * slack
    this.y0 = grid.y(unitY) - height * slack
    this.x1 = grid.x(unitX + size) + width * slack
    this.y1 = grid.y(unitY + size) + height * slack
    this.referenceX = grid.x(unitX + size * referenceX)
    this.referenceY = grid.y(unitY + size * referenceY)
  }

  child(grid: Grid, quadrant: number): Cell {
    const half = 2 ** (gridBits - this.level - 1)
    return new Cell(grid, this.level + 1, this.unitX + (quadrant & 1) * half, this.unitY + (quadrant >> 1) * half)
  }

  /** Whether some place of the cell may be within `metres` of the edge; never says no when one is. */
  near({ vertices }: GeometryTable, edge: number, metres: number): boolean {
    const at = edge * 2
    const ay = vertices[at + 1]!
    const by = vertices[at + 3]!
    const upY = (metres / (earthRadius * radians)) * 1.001
    const farthest = Math.max(Math.abs(ay), Math.abs(by)) + upY
    const upX = farthest >= 89.9 ? 360 : longitudeReach(upY, Math.min(farthest, 89.9))
    const { x0, y0, x1, y1 } = this
    const edgeAt: Segment = [vertices[at]!, ay, vertices[at + 2]!, by]
    return segmentTouchesBox(edgeAt, x0 - upX, y0 - upY, x1 + upX, y1 + upY)
  }

  /** Whether every place of the cell is within `metres` of the edge: then its corners are, and less than a quadrant away. */
  covered({ vertices }: GeometryTable, edge: number, metres: number): boolean {
    if (metres > earthRadius || this.x1 - this.x0 > 90) return false
    const at = edge * 2
    const within = (x: number, y: number): boolean =>
      metresToSegment(x, y, vertices[at]!, vertices[at + 1]!, vertices[at + 2]!, vertices[at + 3]!) < metres * 0.999
    const { x0, y0, x1, y1 } = this
    return within(x0, y0) && within(x1, y0) && within(x0, y1) && within(x1, y1)
  }

  /** Whether the way from the parent's reference point to this one's crosses the edge. */
  crossesBetween({ vertices }: GeometryTable, edge: number, parent: Cell): boolean {
    const at = edge * 2
    const ax = vertices[at]!
    const ay = vertices[at + 1]!
    const bx = vertices[at + 2]!
    const by = vertices[at + 3]!
    const { referenceX: px, referenceY: py } = parent
    const { referenceX: x, referenceY: y } = this
    if (side(px, py, x, y, ax, ay) > 0 === side(px, py, x, y, bx, by) > 0) return false
    return left(ax, ay, bx, by, px, py) !== left(ax, ay, bx, by, x, y)
  }
}

/** How far in degrees of longitude a circle reaches, given its radius and the latitude of its rim, in degrees. */
function longitudeReach(radius: number, rim: number): number {
  return Math.min(360, radius / Math.cos(rim * radians))
}
