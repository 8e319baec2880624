import { strongComponents } from '../components.ts'
import type { RoadEdges, RoadTurns } from '../road-graph.ts'

/** `RoadEdges.components` of a graph without turns: an edge belongs where both its ends do. */
export function componentsOfNodes({ first, tails, heads }: Omit<RoadEdges, 'components'>): Int32Array {
  const { components, count } = strongComponents({ first, heads })
  return bySize(
    Int32Array.from(tails, (tail, edge) => (components[tail] === components[heads[edge]!] ? components[tail]! : -1)),
    count,
  )
}

/** `RoadEdges.components` of a graph with turns: an edge belongs where any of its states does. */
export function componentsOfStates({ edges, first, heads }: RoadTurns, count: number): Int32Array {
  const { components, count: all } = strongComponents({ first, heads })
  const sizes = new Int32Array(all)
  for (const component of components) sizes[component]!++
  for (let state = 0; state < edges.length; state++)
    for (let arc = first[state]!; arc < first[state + 1]!; arc++)
      // A single state that leads to itself is a component, any other single one is not.
      if (heads[arc] === state && sizes[components[state]!] === 1) sizes[components[state]!] = 2
  const best = new Int32Array(count).fill(-1)
  for (let state = 0; state < edges.length; state++) {
    const component = components[state]!
    const edge = edges[state]!
    if (sizes[component]! > 1 && (best[edge]! < 0 || sizes[component]! > sizes[best[edge]!]!)) best[edge] = component
  }
  return bySize(best, all)
}

/** Numbers components by how many edges they have, the largest first. */
export function bySize(components: Int32Array, count: number): Int32Array {
  const sizes = new Int32Array(count)
  for (const component of components) if (component >= 0) sizes[component]!++
  const order = [...sizes.keys()]
    .filter((component) => sizes[component]! > 0)
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b)
  const places = new Int32Array(count)
  order.forEach((component, place) => (places[component] = place))
  return components.map((component) => (component < 0 ? -1 : places[component]!))
}
