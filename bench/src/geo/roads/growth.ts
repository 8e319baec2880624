// Prints how building, memory and queries grow from one Rome to nine of them, as a table, and draws it: node --conditions=@exprsn/source
import { writeFileSync } from 'node:fs'
import { weightedGraph } from '@exprsn/geo/graph'
import { buildHierarchy, createSearch, type Hierarchy } from '@exprsn/geo/routing'
import { bytesPerNode } from './build.ts'
import { city, randomPairs, stitched } from './city.ts'
import { cpuSeconds } from './cpu.ts'
import { growthPlot, type GrowthRow } from './growth-plot.ts'

const rows: GrowthRow[] = []

console.log('nodes | build, CPU s | B/node | query p50, µs | query p99, µs | peak memory so far, MB')
for (const copies of [1, 2, 4, 9]) {
  const roads = stitched(city('rome'), copies)
  const graph = weightedGraph(roads.nodes, roads)
  let hierarchy: Hierarchy | undefined
  const seconds = cpuSeconds(() => (hierarchy = buildHierarchy(graph)))
  const search = createSearch(hierarchy!)
  const times = randomPairs(roads.nodes, 10_000, 'growth')
    .map(([source, target]) => {
      const begin = performance.now()
      search.length(source, target)
      return (performance.now() - begin) * 1_000
    })
    .sort((a, b) => a - b)
  const memory = bytesPerNode(hierarchy!)
  rows.push({ nodes: roads.nodes, build: (seconds * 1e6) / roads.nodes, memory, query: times[5_000]! })
  const peak = process.resourceUsage().maxRSS / 1024
  const row = [seconds, memory, times[5_000]!, times[9_900]!, peak].map((value) => value.toFixed(1))
  console.log([roads.nodes, ...row].join(' | '))
}
writeFileSync(new URL('../../../../docs/guides/routing-growth.svg', import.meta.url), growthPlot(rows))
