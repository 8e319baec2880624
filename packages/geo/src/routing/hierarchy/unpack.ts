import { graphErrors } from '../../graph/errors.ts'
import { arcBits, mostArcs, type Hierarchy } from './hierarchy.ts'
import { downwards, upwards } from './side.ts'

type Way = typeof upwards | typeof downwards

/** Turns edges of a hierarchy into the arcs that they stand for, from a node on. */
export class Unpacker {
  readonly arcs: number[] = []
  readonly #hierarchy: Hierarchy
  #node: number

  constructor(hierarchy: Hierarchy, from: number) {
    this.#hierarchy = hierarchy
    this.#node = from
  }

  /** Appends the arcs of an edge of a place's row, which must leave the node where the arcs so far lead. */
  take(place: number, edge: number, way: Way): void {
    const { edges, between, arcs } = this.#hierarchy
    const middle = between[edge]!
    if (middle < 0) {
      const arc = arcs.first[this.#node]! + (way === upwards ? ~middle >> arcBits : ~middle & (mostArcs - 1))
      this.arcs.push(arc)
      this.#node = arcs.heads[arc]!
      return
    }
    const top = edges[edge * 2]!
    const [begin, end] = way === upwards ? [place, top] : [top, place]
    // To enter the place between, which is below both ends, is a way down.
    this.take(middle, edgeTo(this.#hierarchy, middle, begin, downwards), downwards)
    this.take(middle, edgeTo(this.#hierarchy, middle, end, upwards), upwards)
  }
}

/**
 * The edge in a place's row that leads to, or comes from, another place.
 *
 * @throws `GEO_GRAPH_INVALID` where a damaged file has left it out
 */
export function edgeTo({ first, edges }: Hierarchy, place: number, target: number, way: Way): number {
  const end = first[place + 1]!
  for (let edge = first[place]!; edge < end; edge++)
    if (edges[edge * 2] === target && (edges[edge * 2 + 1]! & way) !== 0) return edge
  throw graphErrors.GEO_GRAPH_INVALID({
    where: 'the hierarchy',
    reason: 'a shortcut stands for an edge that is missing',
  })
}
