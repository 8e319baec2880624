// Prints how building, memory and queries grow from one Rome to nine of them, as a table, and draws it: node --conditions=@exprsn/source
import { writeFileSync } from 'node:fs'
import { weightedGraph } from '@exprsn/geo/graph'
import { buildHierarchy, createSearch, type Hierarchy } from '@exprsn/geo/routing'
import { median } from '../../../../scripts/bench/statistics.ts'
import { bytesPerNode } from './build.ts'
import { city, randomPairs, stitched } from './city.ts'
import { cpuSeconds } from './cpu.ts'
import { growthPlot, type GrowthRow } from './growth-plot.ts'
import { queryTimes } from './query-times.ts'

/** Passes over all pairs after the first one, as in the rows of queries. */
const warmRounds = 9
const rows: GrowthRow[] = []

console.log('nodes | build, CPU s | peak memory so far, MB | B/node | query p50, µs (cold) | p50 | p99')
for (const copies of [1, 2, 4, 9]) {
  const roads = stitched(city('rome'), copies)
  const graph = weightedGraph(roads.nodes, roads)
  let hierarchy: Hierarchy | undefined
  const seconds = cpuSeconds(() => (hierarchy = buildHierarchy(graph)))
  const peak = process.resourceUsage().maxRSS / 1024
  const search = createSearch(hierarchy!)
  const pairs = randomPairs(roads.nodes, 10_000, 'growth')
  const [cold, ...warm] = Array.from({ length: 1 + warmRounds }, () => queryTimes(search, pairs))
  const [half, most] = [5_000, 9_900].map((at) => median(warm.map((times) => times[at]!)))
  const memory = bytesPerNode(hierarchy!)
  rows.push({ nodes: roads.nodes, build: (seconds * 1e6) / roads.nodes, memory, query: half! })
  const row = [seconds, peak, memory, cold![5_000]!, half!, most!].map((value) => value.toFixed(1))
  console.log([roads.nodes, ...row].join(' | '))
}
writeFileSync(new URL('../../../../docs/guides/routing-growth.svg', import.meta.url), growthPlot(rows))
