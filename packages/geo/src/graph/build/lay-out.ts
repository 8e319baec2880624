import type { NodeRule } from '../profile/node-rule.ts'
import type { RoadEdges, RoadLimits, RoadNodes, Roads } from '../road-graph.ts'
import { roadLimits } from '../road-limits.ts'
import { textTable, type TextTable } from '../text-table.ts'
import type { DraftRoad } from './join-pieces.ts'
import { millisecondsFor } from './pieces.ts'
import type { UsedNodes } from './used-nodes.ts'

/** The graph without turns and components, and what is needed to find them. */
export interface LaidOut {
  readonly nodes: RoadNodes
  readonly roads: Roads
  readonly edges: Omit<RoadEdges, 'components'>
  readonly texts: TextTable
  readonly limits: RoadLimits
  /** Per node of the graph its place in the used nodes. */
  readonly sources: Int32Array
  /** Per node of the graph the milliseconds to pass it. */
  readonly delays: Int32Array
  /** Per node of the graph how many ends of roads meet in it. */
  readonly degrees: Int32Array
}

/** Puts roads into typed arrays. A closed node becomes one end for each road: nobody gets from one to the other. */
export function layOut(
  drafts: readonly DraftRoad[],
  used: UsedNodes,
  ruleOf: (node: number) => NodeRule | undefined,
): LaidOut {
  const ends = new Ends(used, ruleOf)
  const tails = Int32Array.from(drafts, ({ nodes }) => ends.nodeOf(nodes[0]!))
  const heads = Int32Array.from(drafts, ({ nodes }) => ends.nodeOf(nodes.at(-1)!))
  const texts = new Texts()
  const names = Int32Array.from(drafts, ({ way }) => texts.placeOf(way.name))
  const references = Int32Array.from(drafts, ({ way }) => texts.placeOf(way.reference))
  const shape = shapesOf(drafts, used)
  const edges = edgesOf(drafts, { tails, heads, nodes: ends.sources.length }, used)
  const degrees = new Int32Array(ends.sources.length)
  for (const node of [...tails, ...heads]) degrees[node]!++
  return {
    nodes: {
      longitudes: Int32Array.from(ends.sources, (node) => used.longitudes[node]!),
      latitudes: Int32Array.from(ends.sources, (node) => used.latitudes[node]!),
    },
    roads: {
      ...shape,
      names,
      references,
      classes: Uint8Array.from(drafts, ({ way }) => way.rule.roadClass),
      flags: Uint8Array.from(drafts, ({ way }) => way.rule.flags),
      ...edgesOfRoads(drafts.length, edges.roads),
    },
    edges,
    texts: textTable(texts.list),
    limits: roadLimits(drafts.map(({ way }) => way.rule.limits)),
    sources: Int32Array.from(ends.sources),
    delays: Int32Array.from(ends.sources, (node) => ruleOf(node)?.delay ?? 0),
    degrees,
  }
}

/** Numbers the ends of roads. */
class Ends {
  readonly sources: number[] = []
  readonly #nodes: Int32Array
  readonly #ruleOf: (node: number) => NodeRule | undefined

  constructor(used: UsedNodes, ruleOf: (node: number) => NodeRule | undefined) {
    this.#nodes = new Int32Array(used.count).fill(-1)
    this.#ruleOf = ruleOf
  }

  nodeOf(source: number): number {
    const known = this.#nodes[source]!
    if (known >= 0) return known
    const node = this.sources.push(source) - 1
    if (this.#ruleOf(source)?.isClosed !== true) this.#nodes[source] = node
    return node
  }
}

class Texts {
  readonly list = ['']
  readonly #places = new Map([['', 0]])

  placeOf(text: string): number {
    const known = this.#places.get(text)
    if (known !== undefined) return known
    this.#places.set(text, this.list.length)
    return this.list.push(text) - 1
  }
}

function shapesOf(drafts: readonly DraftRoad[], used: UsedNodes) {
  const firstPoint = new Int32Array(drafts.length + 1)
  drafts.forEach(({ nodes }, road) => (firstPoint[road + 1] = firstPoint[road]! + nodes.length))
  const points = new Int32Array(firstPoint[drafts.length]! * 2)
  const lengths = new Int32Array(drafts.length)
  drafts.forEach(({ nodes }, road) => {
    nodes.forEach((node, index) => {
      const to = (firstPoint[road]! + index) * 2
      points[to] = used.longitudes[node]!
      points[to + 1] = used.latitudes[node]!
      if (index > 0) lengths[road]! += Math.round(used.metresBetween(nodes[index - 1]!, node) * 100)
    })
  })
  return { firstPoint, points, lengths }
}

interface RoadEnds {
  readonly tails: Int32Array
  readonly heads: Int32Array
  readonly nodes: number
}

function edgesOf(drafts: readonly DraftRoad[], { tails, heads, nodes }: RoadEnds, used: UsedNodes) {
  const first = new Int32Array(nodes + 1)
  drafts.forEach(({ forward, backward }, road) => {
    if (forward > 0) first[tails[road]! + 1]!++
    if (backward > 0) first[heads[road]! + 1]!++
  })
  for (let node = 0; node < nodes; node++) first[node + 1]! += first[node]!
  const count = first[nodes]!
  const edges = {
    first,
    tails: new Int32Array(count),
    heads: new Int32Array(count),
    weights: new Int32Array(count),
    roads: new Int32Array(count),
  }
  const free = first.slice()
  const put = (tail: number, head: number, draft: DraftRoad, place: number, speed: number): void => {
    const edge = free[tail]!++
    edges.tails[edge] = tail
    edges.heads[edge] = head
    edges.weights[edge] = weightOf(draft.nodes, speed, used)
    edges.roads[edge] = place
  }
  drafts.forEach((draft, road) => {
    if (draft.forward > 0) put(tails[road]!, heads[road]!, draft, road * 2, draft.forward)
    if (draft.backward > 0) put(heads[road]!, tails[road]!, draft, road * 2 + 1, draft.backward)
  })
  return edges
}

function weightOf(nodes: Int32Array, speed: number, used: UsedNodes): number {
  let weight = 0
  for (let at = 1; at < nodes.length; at++)
    weight += millisecondsFor(used.metresBetween(nodes[at - 1]!, nodes[at]!), speed)
  return weight
}

function edgesOfRoads(count: number, roads: Int32Array) {
  const forward = new Int32Array(count).fill(-1)
  const backward = new Int32Array(count).fill(-1)
  roads.forEach((place, edge) => ((place % 2 === 0 ? forward : backward)[place >> 1] = edge))
  return { forward, backward }
}
