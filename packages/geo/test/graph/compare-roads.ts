import type { BuiltGraph } from '@exprsn/geo/graph'
import { stateGraph } from '@exprsn/geo/graph'
import { dijkstra } from '@exprsn/geo/routing'
import type { OsmItems } from '../osm/osm-items.ts'
import type { NaiveRoads, Segment } from './naive-roads.ts'

/** Which segments an edge begins and ends with. */
interface EdgeEnds {
  readonly first: Segment
  readonly last: Segment
}

/**
 * Compares what a graph says with what plain travelling says: from the start of the chosen edges to the end of every edge, also
 * where there is no way. Edges whose segments cannot be told apart by their coordinates are left out. Returns what differs.
 */
export function compareRoads(
  graph: BuiltGraph,
  {
    naive,
    items,
    sources,
  }: { readonly naive: NaiveRoads; readonly items: OsmItems; readonly sources: (edges: number) => readonly number[] },
): { readonly differences: string[]; readonly pairs: number; readonly unreachable: number } {
  const ends = endsOf(graph, naive, items)
  const states = stateGraph(graph)
  const differences: string[] = []
  let [pairs, unreachable] = [0, 0]
  for (const edge of sources(ends.length)) {
    const from = ends[edge]
    if (from === undefined) continue
    const expected = naive.costsFrom(from.first)
    const found = bestByEdge(graph, dijkstra(states, edge).lengths)
    ends.forEach((to, target) => {
      if (to === undefined) return
      pairs++
      const cost = expected.get(to.last.index) ?? Infinity
      if (cost === Infinity) unreachable++
      const ours = found[target]! + graph.edges.weights[edge]!
      if (cost !== ours) differences.push(`from ${named(from.first)} to ${named(to.last)}: ${ours} instead of ${cost}`)
    })
  }
  return { differences, pairs, unreachable }
}

/** The same for a graph without turns: from every node to every other. */
export function compareNodes(
  graph: BuiltGraph,
  naive: NaiveRoads,
  items: OsmItems,
): { readonly differences: string[]; readonly pairs: number } {
  const places = new Map(items.nodes.map(({ id, longitude, latitude }) => [`${longitude} ${latitude}`, id]))
  const ids = Array.from(graph.nodes.longitudes, (x, node) => places.get(`${x} ${graph.nodes.latitudes[node]}`)!)
  const states = stateGraph(graph)
  const differences: string[] = []
  let pairs = 0
  ids.forEach((from, source) => {
    if (naive.isClosed(from)) return
    const expected = naive.costsFromNode(from)
    const found = new Map<number, number>()
    dijkstra(states, source).lengths.forEach((length, node) => {
      if (length >= 0) found.set(ids[node]!, Math.min(length, found.get(ids[node]!) ?? Infinity))
    })
    for (const to of ids) {
      pairs++
      const [ours, cost] = [found.get(to) ?? Infinity, expected.get(to) ?? Infinity]
      if (ours !== cost) differences.push(`from node ${from} to ${to}: ${ours} instead of ${cost}`)
    }
  })
  return { differences, pairs }
}

function named({ from, to, way }: Segment): string {
  return `${from}-${to} (way ${way})`
}

function bestByEdge({ edges, turns }: BuiltGraph, lengths: Int32Array): Float64Array {
  const best = new Float64Array(edges.heads.length).fill(Infinity)
  turns!.edges.forEach((edge, state) => {
    if (lengths[state]! >= 0) best[edge] = Math.min(best[edge]!, lengths[state]!)
  })
  return best
}

function endsOf({ edges, roads }: BuiltGraph, naive: NaiveRoads, items: OsmItems): (EdgeEnds | undefined)[] {
  const nodeAt = new Map<string, number | undefined>()
  for (const { id, longitude, latitude } of items.nodes) {
    const key = `${longitude} ${latitude}`
    nodeAt.set(key, nodeAt.has(key) ? undefined : id)
  }
  const segments = new Map<string, Segment | undefined>()
  for (const segment of naive.segments) {
    const key = `${segment.from}>${segment.to}`
    segments.set(key, segments.has(key) ? undefined : segment)
  }
  return Array.from(edges.roads, (place) => {
    const road = place >> 1
    const nodes: (number | undefined)[] = []
    for (let at = roads.firstPoint[road]!; at < roads.firstPoint[road + 1]!; at++)
      nodes.push(nodeAt.get(`${roads.points[at * 2]} ${roads.points[at * 2 + 1]}`))
    if (place % 2 !== 0) nodes.reverse()
    const first = segments.get(`${nodes[0]}>${nodes[1]}`)
    const last = segments.get(`${nodes.at(-2)}>${nodes.at(-1)}`)
    return first === undefined || last === undefined ? undefined : { first, last }
  })
}
