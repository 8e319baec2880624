import { randomBelow, randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { buildGraph, profiles, stateGraph, type WeightedGraph } from '@exprsn/geo/graph'
import { readOsm, type OsmBlock } from '@exprsn/geo/osm'
import { buildHierarchy, createMatrix, createSearch, dijkstra, type Matrix, type Search } from '@exprsn/geo/routing'
import { customise } from '../../src/routing/customisable/customise.ts'
import { closedArc } from '../../src/routing/customisable/edge-weights.ts'
import { buildSkeleton, type Skeleton } from '../../src/routing/customisable/skeleton.ts'
import { stateOrder } from '../../src/routing/customisable/state-order.ts'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { extracts } from './extracts.ts'

const travellers = Object.values(profiles)
const compared = 2_000

interface Network {
  readonly states: WeightedGraph
  readonly search: Search
  readonly matrix: Matrix
  readonly skeleton: Skeleton
}

/** The data of the extract that was read last: graphs for several profiles are built of it. */
let data: { readonly file: string; readonly blocks: Promise<OsmBlock[]> } | undefined

/** Built at most once each. */
const networks = new Map<string, Promise<Network>>()

/** Compares lengths from one state to many others, by search and by table, with Dijkstra. */
export async function checkExtract(seed: number) {
  const extract = extracts[seed % extracts.length]!
  const profile = travellers[Math.floor(seed / extracts.length) % travellers.length]!
  const file = sharedData(`geo/osm/${extract}`)
  const violations: string[] = []
  const counts = { unreachable: 0, 'same state': 0, [`${extract}, ${profile.name}`]: 0 }
  if (file === undefined) return { ...counts, unreachable: 1, 'same state': 1, closed: 1, violations }
  const key = `${extract}, ${profile.name}`
  if (!networks.has(key)) networks.set(key, open(file, profile))
  const { states, search, matrix, skeleton } = await networks.get(key)!
  const random = new SeededRandom(`extract ${seed}`)
  const source = randomBelow(random, states.nodes)
  const targets = [source, ...Array.from({ length: compared - 1 }, () => randomBelow(random, states.nodes))]
  const { lengths } = dijkstra(states, source)
  const table = matrix.between([source], targets).lengths
  for (const [column, target] of targets.entries()) {
    const expected = lengths[target]! < 0 ? undefined : lengths[target]!
    const found = search.length(source, target)
    if (found !== expected || !Object.is(table[column], expected ?? NaN))
      violations.push(`${key}: ${source} → ${target}: ${found}, ${table[column]} instead of ${expected}`)
    if (expected === undefined) counts.unreachable++
    if (source === target) counts['same state']++
    counts[key]!++
  }
  violations.push(...checkConditions(states, skeleton, source, targets).map((text) => `${key}, conditions: ${text}`))
  return { ...counts, closed: 1, violations }
}

/** The same after every weight was changed and one arc of thirty closed. */
function checkConditions(
  states: WeightedGraph,
  skeleton: Skeleton,
  source: number,
  targets: readonly number[],
): string[] {
  const random = new SeededRandom(`conditions ${source}`)
  const weights = states.weights.map((weight) =>
    randomBelow(random, 30) === 0 ? closedArc : Math.round(weight * (0.5 + randomFraction(random))),
  )
  const search = createSearch(customise(skeleton, weights))
  // Dijkstra knows no closed arcs; it finds no way where each takes one.
  const { lengths } = dijkstra({ ...states, weights: weights.map((weight) => Math.min(weight, 2 ** 27)) }, source)
  return targets.flatMap((target) => {
    const expected = lengths[target]! < 0 || lengths[target]! >= 2 ** 27 ? undefined : lengths[target]!
    const found = search.length(source, target)
    return found === expected ? [] : [`${source} → ${target}: ${found} instead of ${expected}`]
  })
}

async function blocksOf(file: string): Promise<OsmBlock[]> {
  const blocks: OsmBlock[] = []
  for await (const block of readOsm(file)) blocks.push(block)
  return blocks
}

async function open(file: string, profile: (typeof travellers)[number]): Promise<Network> {
  if (data?.file !== file) data = { file, blocks: blocksOf(file) }
  const graph = await buildGraph(await data.blocks, { profile })
  const states = stateGraph(graph)
  const hierarchy = buildHierarchy(states)
  return {
    states,
    search: createSearch(hierarchy),
    matrix: createMatrix(hierarchy),
    skeleton: buildSkeleton(states, stateOrder(graph)),
  }
}
