import type { Adjacency } from './adjacency.ts'
import { selectLeast } from './select-least.ts'
import { UnitFlow } from './unit-flow.ts'

/** East, north, and the two between. */
const directions = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
] as const

/** Where nodes lie, in any unit. */
export interface Layout {
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
}

/**
 * Parts a cell of a road network where few roads cross (inertial flow: Schild, Sommer 2015): seen from four sides, the first
 * quarter of the nodes and the last are held apart by as few links as can be, and the best side is taken.
 */
export class Bisection {
  /** Per link whether it is cut: set it for those that shall not count. */
  readonly isCut: Uint8Array
  /** Per node of the cell that was parted last: 1 in the first half, 0 in the second. */
  readonly sides: Uint8Array
  readonly #layout: Layout
  readonly #flow: UnitFlow
  readonly #keys: Float64Array

  constructor(adjacency: Adjacency, layout: Layout) {
    this.#layout = layout
    this.isCut = new Uint8Array(adjacency.heads.length)
    this.sides = new Uint8Array(adjacency.nodes)
    this.#flow = new UnitFlow(adjacency, this.isCut)
    this.#keys = new Float64Array(adjacency.nodes)
  }

  /** Parts a cell of two nodes or more: rearranges it and returns how many of its nodes are the first half. */
  part(cell: Int32Array): number {
    const ends = Math.max(1, cell.length >> 2)
    const { x, y } = this.#layout
    let least = 2 ** 30
    for (const [east, north] of directions) {
      for (const node of cell) this.#keys[node] = x[node]! * east + y[node]! * north
      selectLeast(cell, this.#keys, ends)
      selectLeast(cell.subarray(ends), this.#keys, cell.length - 2 * ends)
      const cut = this.#flow.run(cell, ends, least)
      if (cut >= least) continue
      least = cut
      for (const node of cell) this.sides[node] = this.#flow.isReached(node) ? 1 : 0
    }
    return this.#halve(cell)
  }

  #halve(cell: Int32Array): number {
    let first = 0
    for (let at = 0; at < cell.length; at++) {
      const node = cell[at]!
      if (this.sides[node] === 0) continue
      cell[at] = cell[first]!
      cell[first++] = node
    }
    return first
  }
}
