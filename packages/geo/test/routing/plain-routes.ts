import type { RoadGraph } from '@exprsn/geo/graph'

/** A place on a road as the oracle sees it: what lies before it, along each edge, in milliseconds. */
export interface PlainPlace {
  readonly parts: ReadonlyMap<number, number>
}

/** Milliseconds from a place to every other, by trying: no hierarchy, no seeds, one state at a time. */
export function plainDurations(
  graph: RoadGraph,
  from: PlainPlace,
  places: readonly PlainPlace[],
): (number | undefined)[] {
  const { edges, turns } = graph
  const best = places.map((): number | undefined => undefined)
  const offer = (edge: number, begin: number, least: number) => {
    for (const [index, { parts }] of places.entries()) {
      const part = parts.get(edge)
      if (part === undefined || part < least) continue
      const total = begin + part
      if (best[index] === undefined || total < best[index]) best[index] = total
    }
  }
  // Per state (with turns) or node (without) the earliest time at its end.
  const done = new Map<number, number>()
  const open = new Map<number, number>()
  const reach = (key: number, time: number) => {
    if (!done.has(key) && !((open.get(key) ?? Infinity) <= time)) open.set(key, time)
  }
  for (const [edge, part] of from.parts) {
    offer(edge, -part, part)
    reach(turns === undefined ? edges.heads[edge]! : edge, edges.weights[edge]! - part)
  }
  while (open.size > 0) {
    const [key, time] = [...open].reduce((least, one) => (one[1] < least[1] ? one : least))
    open.delete(key)
    done.set(key, time)
    if (turns === undefined)
      for (let edge = edges.first[key]!; edge < edges.first[key + 1]!; edge++) {
        offer(edge, time, 0)
        reach(edges.heads[edge]!, time + edges.weights[edge]!)
      }
    else
      for (let arc = turns.first[key]!; arc < turns.first[key + 1]!; arc++) {
        const state = turns.heads[arc]!
        const edge = turns.edges[state]!
        offer(edge, time + turns.costs[arc]!, 0)
        reach(state, time + turns.costs[arc]! + edges.weights[edge]!)
      }
  }
  return best
}
