import type { Position } from '../../coordinates/position.ts'
import { roadClasses, type RoadClass } from '../../graph/road-class.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { textAt } from '../../graph/text-table.ts'
import { unitsPerDegree } from '../snap/local-map.ts'

/**
 * A road in one of its directions. It is one object that moves from edge to edge while `speed` is asked: take from it what you
 * need, do not keep it.
 */
export class RoadEdge {
  /** Its place in `graph.edges`. */
  index = 0
  readonly #graph: RoadGraph

  constructor(graph: RoadGraph) {
    this.#graph = graph
  }

  get name(): string {
    return textAt(this.#graph.texts, this.#graph.roads.names[this.#road]!)
  }

  /** The number on the signs, such as `A 14`. */
  get reference(): string {
    return textAt(this.#graph.texts, this.#graph.roads.references[this.#road]!)
  }

  get roadClass(): RoadClass {
    return roadClasses[this.#graph.roads.classes[this.#road]!]!
  }

  /** Sum of `roadFlags`. */
  get flags(): number {
    return this.#graph.roads.flags[this.#road]!
  }

  /** Metres. */
  get distance(): number {
    return this.#graph.roads.lengths[this.#road]! / 100
  }

  /** km/h that are usual; 0 where the edge has no length. */
  get speed(): number {
    const milliseconds = this.#graph.edges.weights[this.index]!
    return milliseconds === 0 ? 0 : (this.distance * 3_600) / milliseconds
  }

  /** Where it begins. */
  get from(): Position {
    return this.#node(this.#graph.edges.tails[this.index]!)
  }

  /** Where it ends. */
  get to(): Position {
    return this.#node(this.#graph.edges.heads[this.index]!)
  }

  get #road(): number {
    return this.#graph.edges.roads[this.index]! >> 1
  }

  #node(node: number): Position {
    const { longitudes, latitudes } = this.#graph.nodes
    return [longitudes[node]! / unitsPerDegree, latitudes[node]! / unitsPerDegree]
  }
}
