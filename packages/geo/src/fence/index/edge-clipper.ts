import type { Cell } from './cell.ts'
import { packPoint, stepsPerUnit } from './cell-points.ts'
import { gridBits, unitSlack, type Grid } from './grid.ts'

/** Cuts edges at the sides of a cell. After `clip` said yes, `start` and `end` are the packed ends of what is left. */
export class EdgeClipper {
  readonly #grid: Grid
  readonly #vertices: Float64Array
  #unitX = 0
  #unitY = 0
  #size = 0
  #steps = 0
  start = 0
  end = 0
  /** Whether the edge goes on to its second vertex inside the cell. */
  reachesEnd = false

  constructor(grid: Grid, vertices: Float64Array) {
    this.#grid = grid
    this.#vertices = vertices
  }

  begin({ level, unitX, unitY }: Cell): void {
    this.#unitX = unitX
    this.#unitY = unitY
    this.#size = 2 ** (gridBits - level)
    this.#steps = stepsPerUnit[gridBits - level]!
  }

  /** False when no part of the edge lies in the cell (Liang and Barsky, 1984). */
  clip(edge: number): boolean {
    const at = edge * 2
    const ax = this.#grid.unitsX(this.#vertices[at]!) - this.#unitX
    const ay = this.#grid.unitsY(this.#vertices[at + 1]!) - this.#unitY
    const dx = this.#grid.unitsX(this.#vertices[at + 2]!) - this.#unitX - ax
    const dy = this.#grid.unitsY(this.#vertices[at + 3]!) - this.#unitY - ay
    const low = -unitSlack
    const high = this.#size + unitSlack
    let from = 0
    let until = 1
    if (dx === 0) {
      if (ax < low || ax > high) return false
    } else {
      const [first, second] = dx > 0 ? [low - ax, high - ax] : [high - ax, low - ax]
      from = Math.max(from, first / dx)
      until = Math.min(until, second / dx)
    }
    if (dy === 0) {
      if (ay < low || ay > high) return false
    } else {
      const [first, second] = dy > 0 ? [low - ay, high - ay] : [high - ay, low - ay]
      from = Math.max(from, first / dy)
      until = Math.min(until, second / dy)
    }
    if (from > until + shareSlack) return false
    const steps = this.#steps
    this.start = packPoint((ax + dx * from) * steps, (ay + dy * from) * steps)
    this.end = packPoint((ax + dx * until) * steps, (ay + dy * until) * steps)
    this.reachesEnd = until === 1
    return true
  }
}

/** Of an edge's length: what rounding may do to the ends of the part that is left. */
const shareSlack = 1e-12
