import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Cell } from './cell.ts'
import { acrossOf, stepsPerUnit, upOf } from './cell-points.ts'
import { EdgeClipper } from './edge-clipper.ts'
import { Grid, gridBits } from './grid.ts'

const grid = new Grid([-10, 40, 20, 60])
const level = 9
const bits = gridBits - level
/** A cell somewhere in the middle of the grid. */
const cell = new Cell(grid, level, 200 * 2 ** bits, 311 * 2 ** bits)
const size = 2 ** bits
const steps = stepsPerUnit[bits]!

/** Shares of the cell's side: in it, beside it, and on its sides. */
const share = fc.oneof(fc.double({ min: -2, max: 3, noNaN: true }), fc.constantFrom(0, 0.5, 1))

function edgeAt([ax, ay, bx, by]: readonly [number, number, number, number]): Float64Array {
  const x = (at: number) => grid.x(cell.unitX + at * size)
  const y = (at: number) => grid.y(cell.unitY + at * size)
  return Float64Array.of(x(ax), y(ay), x(bx), y(by))
}

describe('an edge cut at the sides of a cell', () => {
  it('is within a step of every place of the edge in the cell, and nothing where there is none', () => {
    fc.assert(
      fc.property(fc.tuple(share, share, share, share), (shares) => {
        const vertices = edgeAt(shares)
        const clipper = new EdgeClipper(grid, vertices)
        clipper.begin(cell)
        const touches = clipper.clip(0)
        for (let part = 0; part <= 1; part += 1 / 128) {
          const x = (grid.unitsX(vertices[0]! + (vertices[2]! - vertices[0]!) * part) - cell.unitX) * steps
          const y = (grid.unitsY(vertices[1]! + (vertices[3]! - vertices[1]!) * part) - cell.unitY) * steps
          if (x < 0.01 || y < 0.01 || x > size * steps - 0.01 || y > size * steps - 0.01) continue
          expect(touches).toBe(true)
          expect(gapToClipped(clipper, x, y)).toBeLessThan(1)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('says whether it goes on to the second vertex inside', () => {
    for (const [end, reaches] of [
      [0.75, true],
      [1, true],
      [1.25, false],
    ] as const) {
      const clipper = new EdgeClipper(grid, edgeAt([0.25, 0.25, end, 0.5]))
      clipper.begin(cell)
      expect([clipper.clip(0), clipper.reachesEnd]).toEqual([true, reaches])
    }
  })
})

/** Steps between a place and the edge that is left; packed points stand for the middle of a step. */
function gapToClipped({ start, end }: EdgeClipper, x: number, y: number): number {
  const [ax, ay, bx, by] = [acrossOf(start) + 0.5, upOf(start) + 0.5, acrossOf(end) + 0.5, upOf(end) + 0.5]
  const length = (bx - ax) ** 2 + (by - ay) ** 2
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length))
  return Math.hypot(ax + along * (bx - ax) - x, ay + along * (by - ay) - y)
}
