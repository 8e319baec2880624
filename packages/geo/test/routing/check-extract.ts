import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { buildGraph, profiles, stateGraph, type WeightedGraph } from '@exprsn/geo/graph'
import { readOsm } from '@exprsn/geo/osm'
import { buildHierarchy, createMatrix, createSearch, dijkstra, type Matrix, type Search } from '@exprsn/geo/routing'
import { sharedData } from '@exprsn/real-servers/shared-data'

/** Real networks of the shared data. */
const extracts = [
  'liechtenstein.osm.pbf',
  'monaco-2021.osm.pbf',
  'andorra-roads.osm.pbf',
  'north-bayreuth.osm.gz',
  'monaco.osm.gz',
] as const
const travellers = Object.values(profiles)
const compared = 2_000

interface Network {
  readonly states: WeightedGraph
  readonly search: Search
  readonly matrix: Matrix
}

/** Built at most once each. */
const networks = new Map<string, Promise<Network>>()

/** Compares lengths from one state to many others, by search and by table, with Dijkstra. */
export async function checkExtract(seed: number) {
  const extract = extracts[seed % extracts.length]!
  const profile = travellers[Math.floor(seed / extracts.length) % travellers.length]!
  const file = sharedData(`geo/osm/${extract}`)
  const violations: string[] = []
  const counts = { unreachable: 0, 'same state': 0, [`${extract}, ${profile.name}`]: 0 }
  if (file === undefined) return { ...counts, unreachable: 1, 'same state': 1, violations }
  const key = `${extract}, ${profile.name}`
  if (!networks.has(key)) networks.set(key, open(file, profile))
  const { states, search, matrix } = await networks.get(key)!
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
  return { ...counts, violations }
}

async function open(file: string, profile: (typeof travellers)[number]): Promise<Network> {
  const states = stateGraph(await buildGraph(readOsm(file), { profile }))
  const hierarchy = buildHierarchy(states)
  return { states, search: createSearch(hierarchy), matrix: createMatrix(hierarchy) }
}
