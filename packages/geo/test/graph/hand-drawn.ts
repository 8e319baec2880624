import { stateGraph, textAt, type BuiltGraph } from '@exprsn/geo/graph'
import { dijkstra } from '@exprsn/geo/routing'
import type { Member } from '../../src/osm/index.ts'
import type { ItemNode, ItemRelation, ItemWay, OsmItems, Tags } from '../osm/osm-items.ts'

/**
 * A network written down:
 *
 *     a 0 0                         a node, its place in units of 100 m, tags behind
 *     a b c : highway=service       a way; ways are numbered from 1
 *     no_left_turn 1 b 2            a restriction from way 1 over node b to way 2, tags behind
 *     only_straight_on 1 2,3 4      … over the ways 2 and 3
 */
export function handDrawn(text: string): OsmItems {
  const nodes: ItemNode[] = []
  const ways: ItemWay[] = []
  const relations: ItemRelation[] = []
  for (const line of text.split('\n').map((part) => part.trim())) {
    if (line === '') continue
    const words = line.split(/\s+/)
    if (line.includes(' : ')) {
      const [refs, tags] = line.split(' : ')
      ways.push({ id: ways.length + 1, nodes: refs!.trim().split(/\s+/).map(idOf), tags: tagsOf(tags!.split(/\s+/)) })
    } else if (/^[a-z] -?[\d.]+ -?[\d.]+/.test(line)) {
      const [letter, x, y, ...tags] = words
      const longitude = 95_000_000 + Math.round(Number(x) * 13_200)
      nodes.push({
        id: idOf(letter!),
        longitude,
        latitude: 471_000_000 + Math.round(Number(y) * 9_000),
        tags: tagsOf(tags),
      })
    } else relations.push(restrictionOf(words, relations.length + 1))
  }
  return { nodes, ways, relations }
}

function restrictionOf([kind, from, via, to, ...tags]: readonly string[], id: number): ItemRelation {
  const member = (role: string, type: Member['type'], ref: number): Member => ({ type, id: ref, role })
  const ways = (role: string, list: string): Member[] => list.split(',').map((way) => member(role, 'way', Number(way)))
  const between = /^[a-z]$/.test(via!) ? [member('via', 'node', idOf(via!))] : ways('via', via!)
  const own: Tags = kind === '-' ? [] : [['restriction', kind!]]
  return {
    id,
    members: [...ways('from', from!), ...between, ...ways('to', to!)],
    tags: [['type', 'restriction'], ...own, ...tagsOf(tags)],
  }
}

function idOf(letter: string): number {
  return letter.charCodeAt(0) - 96
}

function tagsOf(words: readonly string[]): Tags {
  return words.map((word) => word.replaceAll('~', ' ').split('=') as [string, string])
}

/** The shortest route from the start of the edge that begins `ab` to the end of the one that ends `yz`, as the letters it passes. */
export function routeOf(graph: BuiltGraph, items: OsmItems, from: string, to: string): string {
  const lines = edgeLines(graph, items)
  const start = lines.findIndex((line) => line.startsWith(from))
  const targets = lines.flatMap((line, edge) => (line.endsWith(to) ? [edge] : []))
  if (start < 0 || targets.length === 0) return 'no such edge'
  const states = stateGraph(graph)
  const { lengths, arcs } = dijkstra(states, start)
  const { edges, heads } = graph.turns!
  let best = -1
  edges.forEach((edge, state) => {
    if (targets.includes(edge) && lengths[state]! >= 0 && (best < 0 || lengths[state]! < lengths[best]!)) best = state
  })
  if (best < 0) return 'none'
  const tails = new Int32Array(heads.length)
  for (let state = 0; state < states.nodes; state++) tails.fill(state, states.first[state], states.first[state + 1])
  let route = ''
  for (let state = best; ; state = tails[arcs[state]!]!) {
    route = lines[edges[state]!]! + route.slice(1)
    if (arcs[state]! < 0) return route
  }
}

/** Per edge the letters that it passes. */
export function edgeLines({ edges, roads }: BuiltGraph, { nodes }: OsmItems): string[] {
  const letters = new Map(
    nodes.map(({ id, longitude, latitude }) => [`${longitude} ${latitude}`, String.fromCharCode(id + 96)]),
  )
  return Array.from(edges.roads, (place) => {
    const road = place >> 1
    let line = ''
    for (let at = roads.firstPoint[road]!; at < roads.firstPoint[road + 1]!; at++)
      line += letters.get(`${roads.points[at * 2]} ${roads.points[at * 2 + 1]}`)!
    return place % 2 === 0 ? line : line.split('').reverse().join('')
  })
}

/** The name of the road that an edge is part of. */
export function nameOf({ edges, roads, texts }: BuiltGraph, edge: number): string {
  return textAt(texts, roads.names[edges.roads[edge]! >> 1]!)
}
