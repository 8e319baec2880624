import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { buildGraph, profiles } from '@exprsn/geo/graph'
import { readOsm } from '@exprsn/geo/osm'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { describe, expect, it } from 'vitest'
import { blockOf, itemsOf, type ItemWay, type OsmItems } from '../osm/osm-items.ts'
import { compareRoads } from './compare-roads.ts'
import { addRestrictions } from './draw-roads.ts'
import { NaiveRoads } from './naive-roads.ts'

/** Skipped where the shared data is absent. */
const shared = sharedData('geo/osm')
const sourcesPerExtract = 6

describe.skipIf(shared === undefined)('graphs of real extracts with restrictions drawn by chance', () => {
  it.each(['liechtenstein.osm.pbf', 'monaco-2021.osm.pbf', 'andorra-roads.osm.pbf', 'north-bayreuth.osm.gz'])(
    '%s costs what travelling the raw data costs, for cars and lorries',
    async (name) => {
      const random = new SeededRandom(20)
      const { nodes, ways } = await itemsOf(readOsm(`${shared}/${name}`))
      const items: OsmItems & { relations: OsmItems['relations'][number][] } = {
        nodes,
        ways: cutAll(ways),
        relations: [],
      }
      const plain = await buildGraph([blockOf(items)], { profile: profiles.car })
      addRestrictions({ ways: routable(items.ways), relations: items.relations }, random, {
        // Some drawn walks bring two or three restrictions: three to five of a hundred turns are restricted.
        count: Math.round(plain.turns!.heads.length * 0.02),
      })
      for (const profile of [profiles.car, profiles.truck]) {
        const graph = await buildGraph([blockOf(items)], { profile })
        const { applied, unusable } = graph.report.restrictions
        expect(applied).toBeGreaterThan(plain.turns!.heads.length * 0.01)
        const naive = new NaiveRoads(items, profile, new Set(unusable))
        const sources = (edges: number): number[] =>
          Array.from({ length: sourcesPerExtract }, () => randomBelow(random, edges))
        const { differences, pairs } = compareRoads(graph, { naive, items, sources })
        expect(differences.slice(0, 5)).toEqual([])
        expect(pairs).toBeGreaterThan(sourcesPerExtract * 800)
      }
    },
  )
})

/** Ways with a class that cars use; restrictions on others would say nothing. */
function routable(ways: readonly ItemWay[]): ItemWay[] {
  const classes = new Set([
    'motorway',
    'trunk',
    'primary',
    'secondary',
    'tertiary',
    'unclassified',
    'residential',
    'service',
  ])
  return ways.filter(({ tags }) => tags.some(([key, value]) => key === 'highway' && classes.has(value)))
}

/** Cuts ways at nodes that others pass, too, so that a restriction can speak of every piece. */
function cutAll(ways: readonly ItemWay[]): ItemWay[] {
  const roads = ways.filter(({ tags }) => tags.some(([key]) => key === 'highway' || key === 'route'))
  const uses = new Map<number, number>()
  for (const { nodes } of roads) for (const node of nodes) uses.set(node, (uses.get(node) ?? 0) + 1)
  const pieces: ItemWay[] = []
  for (const { nodes, tags } of roads) {
    let begin = 0
    for (let at = 1; at < nodes.length; at++) {
      if (at < nodes.length - 1 && uses.get(nodes[at]!) === 1) continue
      pieces.push({ id: pieces.length + 1, nodes: nodes.slice(begin, at + 1), tags })
      begin = at
    }
  }
  return pieces
}
