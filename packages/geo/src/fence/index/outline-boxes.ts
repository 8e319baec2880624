import type { Cell } from './cell.ts'
import type { GeometryTable } from './geometry-table.ts'
import { gridBits, unitSlack, type Grid } from './grid.ts'

/** The least boxes around outlines, in units of the grid, and how many edges each has. */
export class OutlineBoxes {
  readonly edges: Int32Array
  /** Per outline: left, bottom, right, top. */
  readonly #boxes: Float64Array

  constructor(grid: Grid, { lines, vertices }: GeometryTable) {
    this.edges = new Int32Array(lines.length)
    this.#boxes = new Float64Array(lines.length * 4)
    lines.forEach((ranges, outline) => {
      let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity]
      for (let range = 0; range < ranges.length; range += 2) {
        this.edges[outline]! += ranges[range + 1]! - ranges[range]!
        for (let vertex = ranges[range]!; vertex <= ranges[range + 1]!; vertex++) {
          const x = vertices[vertex * 2]!
          const y = vertices[vertex * 2 + 1]!
          if (x < left) left = x
          if (x > right) right = x
          if (y < bottom) bottom = y
          if (y > top) top = y
        }
      }
      this.#boxes[outline * 4] = grid.unitsX(left)
      this.#boxes[outline * 4 + 1] = grid.unitsY(bottom)
      this.#boxes[outline * 4 + 2] = grid.unitsX(right)
      this.#boxes[outline * 4 + 3] = grid.unitsY(top)
    })
  }

  /** The quadrant of a cell that an outline in it does not leave, or -1. */
  quadrantOf(outline: number, { level, unitX, unitY }: Cell): number {
    const half = 2 ** (gridBits - level - 1)
    const midX = unitX + half
    const midY = unitY + half
    const boxes = this.#boxes
    const column = boxes[outline * 4 + 2]! < midX - unitSlack ? 0 : boxes[outline * 4]! > midX + unitSlack ? 1 : -1
    const row = boxes[outline * 4 + 3]! < midY - unitSlack ? 0 : boxes[outline * 4 + 1]! > midY + unitSlack ? 2 : -2
    return column < 0 || row < 0 ? -1 : row + column
  }
}
