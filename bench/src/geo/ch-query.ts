import { createHash } from 'node:crypto'
import { weightedGraph } from '@exprsn/geo/graph'
import { buildHierarchy, createSearch } from '@exprsn/geo/routing'
import createGraph from 'ngraph.graph'
import { nba } from 'ngraph.path'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { npmPeer } from '../core/resilience/compare-calls.ts'
import { city, randomPairs, type City } from './roads/city.ts'
import { cpuSeconds } from './roads/cpu.ts'

/** The length of the shortest path between two random places in Rome. */
export const benchmark: Benchmark = {
  name: 'geo/ch-query',
  unit: 'µs',
  measure: 'cpu',
  better: 'lower',
  target: 1_000,
  peers: [npmPeer('ngraph.path')],
  async prepare({ quick }) {
    const rome = city('rome')
    const subjects: Readonly<Record<string, Length>> = {
      [ours]: byHierarchy(rome),
      'ngraph.path': byBidirectionalSearch(rome),
    }
    const counts: Readonly<Record<string, number>> = { [ours]: quick ? 5_000 : 20_000, 'ngraph.path': quick ? 30 : 100 }
    const pairs = randomPairs(rome.nodes, counts[ours]!, 'queries')
    return {
      async run(name) {
        const length = subjects[name]!
        const count = counts[name]!
        const lengths: number[] = []
        const seconds = cpuSeconds(() => {
          for (let index = 0; index < count; index++) lengths.push(length(...pairs[index]!))
        })
        const hash = createHash('sha256').update(lengths.slice(0, 30).join()).digest('hex')
        return { value: (seconds * 1e6) / count, hash }
      },
      async close() {},
    }
  },
}

type Length = (source: number, target: number) => number

function byHierarchy(rome: City): Length {
  const search = createSearch(buildHierarchy(weightedGraph(rome.nodes, rome)))
  return (source, target) => search.length(source, target) ?? -1
}

function byBidirectionalSearch({ nodes, tails, heads, weights }: City): Length {
  const graph = createGraph<undefined, number>()
  for (let node = 0; node < nodes; node++) graph.addNode(node)
  const lightest = new Map<number, number>()
  for (let arc = 0; arc < tails.length; arc++) {
    const key = tails[arc]! * nodes + heads[arc]!
    const weight = Math.min(weights[arc]!, lightest.get(key) ?? Infinity)
    lightest.set(key, weight)
  }
  for (const [key, weight] of lightest) {
    const tail = Math.floor(key / nodes)
    const head = key % nodes
    if (tail < head) graph.addLink(tail, head, weight)
  }
  const finder = nba(graph, { distance: (_from, _to, link) => link.data })
  return (source, target) => {
    const path = finder.find(source, target)
    if (path.length === 0) return source === target ? 0 : -1
    let length = 0
    for (let index = 1; index < path.length; index++)
      length +=
        graph.getLink(path[index - 1]!.id, path[index]!.id)?.data ??
        graph.getLink(path[index]!.id, path[index - 1]!.id)!.data
    return length
  }
}
