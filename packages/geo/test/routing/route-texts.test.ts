import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { buildGraph, profiles } from '@exprsn/geo/graph'
import { readOsm } from '@exprsn/geo/osm'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { describe, expect, it } from 'vitest'
import { compareRouteTexts } from './compare-route-texts.ts'
import { extracts } from './extracts.ts'

const missing = sharedData(`geo/osm/${extracts[0]}`) === undefined

describe('routes on real networks as text', () => {
  // The extracts are too large for the repository: see sharedData.
  it.skipIf(missing).each(extracts)('are what JSON.stringify gives: %s', { timeout: 60_000 }, async (extract) => {
    const graph = await buildGraph(readOsm(sharedData(`geo/osm/${extract}`)!), { profile: profiles.car })
    const { longitudes, latitudes } = graph.nodes
    const random = new SeededRandom(extract)
    const place = () => {
      const node = randomBelow(random, longitudes.length)
      return [longitudes[node]! / 1e7, latitudes[node]! / 1e7] as const
    }
    const answers = await compareRouteTexts(graph, place, 200)
    expect(answers.filter(({ found }) => found).length).toBeGreaterThan(150)
  })
})
