import type { BoundaryRule } from './outline-index.ts'
import type { GeometryTable } from './geometry-table.ts'
import { left, onEdge, segmentsMeet, type Segment } from './predicates.ts'

/**
 * All edges of one area by the interval that each takes up on one axis, the one on which they are shorter (an interval tree,
 * augmented with the greatest ends). For areas whose edges are many, long and close together, where cells would repeat them.
 */
export class EdgeTree {
  readonly #vertices: Float64Array
  /** Of longitudes 0, of latitudes 1. */
  readonly #axis: 0 | 1
  /** By the lower ends of their intervals; the middle of a range is its root. */
  readonly #edges: Int32Array
  /** Per root: the greatest upper end in its range. */
  readonly #reach: Float64Array

  constructor({ vertices, lines }: GeometryTable, outline: number) {
    this.#vertices = vertices
    const edges: number[] = []
    const extent = [0, 0]
    const ranges = lines[outline]!
    for (let range = 0; range < ranges.length; range += 2)
      for (let edge = ranges[range]!; edge < ranges[range + 1]!; edge++) {
        edges.push(edge)
        extent[0]! += Math.abs(vertices[edge * 2 + 2]! - vertices[edge * 2]!)
        extent[1]! += Math.abs(vertices[edge * 2 + 3]! - vertices[edge * 2 + 1]!)
      }
    this.#axis = extent[0]! <= extent[1]! ? 0 : 1
    this.#edges = Int32Array.from(edges).sort((a, b) => this.#low(a) - this.#low(b))
    this.#reach = new Float64Array(edges.length)
    this.#measure(0, edges.length)
  }

  get bytes(): number {
    return this.#edges.byteLength + this.#reach.byteLength
  }

  /** Whether the area contains a place: a ray along the other axis crosses an odd number of edges. */
  contains(x: number, y: number, rule: BoundaryRule): boolean {
    const vertices = this.#vertices
    const axis = this.#axis
    const value = axis === 0 ? x : y
    let inside = false
    let border = false
    this.#visit(0, this.#edges.length, value, value, (edge) => {
      const ax = vertices[edge * 2]!
      const ay = vertices[edge * 2 + 1]!
      const bx = vertices[edge * 2 + 2]!
      const by = vertices[edge * 2 + 3]!
      border ||= rule !== 'half-open' && onEdge(ax, ay, bx, by, x, y)
      // `left` goes by longitude: above an edge, and west of one that rises or is upright.
      if (axis === 0 ? ax > x !== bx > x : ay > y !== by > y) {
        const rises = ax === bx || ax < bx === ay < by
        if (left(ax, ay, bx, by, x, y) === (axis === 1 && rises)) inside = !inside
      }
      return border
    })
    return border ? rule === 'inside' : inside
  }

  /** Whether a straight way touches one of the edges. */
  meets(way: Segment): boolean {
    const vertices = this.#vertices
    const axis = this.#axis
    const from = way[axis]
    const to = axis === 0 ? way[2] : way[3]
    return this.#visit(0, this.#edges.length, Math.min(from, to), Math.max(from, to), (edge) => {
      const at = edge * 2
      return segmentsMeet(way, [vertices[at]!, vertices[at + 1]!, vertices[at + 2]!, vertices[at + 3]!])
    })
  }

  /** Shows the edges whose intervals meet another one, until `isLast` says so of one. */
  #visit(from: number, until: number, low: number, high: number, isLast: (edge: number) => boolean): boolean {
    if (from >= until) return false
    const root = (from + until) >> 1
    if (this.#reach[root]! < low) return false
    if (this.#visit(from, root, low, high, isLast)) return true
    const edge = this.#edges[root]!
    if (this.#low(edge) > high) return false
    if (this.#high(edge) >= low && isLast(edge)) return true
    return this.#visit(root + 1, until, low, high, isLast)
  }

  #measure(from: number, until: number): number {
    if (from >= until) return -Infinity
    const root = (from + until) >> 1
    const reach = Math.max(this.#high(this.#edges[root]!), this.#measure(from, root), this.#measure(root + 1, until))
    this.#reach[root] = reach
    return reach
  }

  #low(edge: number): number {
    const at = edge * 2 + this.#axis
    return Math.min(this.#vertices[at]!, this.#vertices[at + 2]!)
  }

  #high(edge: number): number {
    const at = edge * 2 + this.#axis
    return Math.max(this.#vertices[at]!, this.#vertices[at + 2]!)
  }
}
