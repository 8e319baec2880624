import { describe, expect, it } from 'vitest'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { checkExtract } from './check-extract.ts'

const missing = sharedData('geo/osm/liechtenstein.osm.pbf') === undefined

describe('routes on real networks', () => {
  // The extracts are too large for the repository: see sharedData.
  it.skipIf(missing)(
    'are as long as Dijkstra says, on five extracts and for four profiles',
    { timeout: 60_000 },
    async () => {
      let unreachable = 0
      // Profile by profile of each extract, so that it is read once.
      for (let network = 0; network < 20; network++) {
        const seed = Math.floor(network / 4) + (network % 4) * 5
        const { violations, ...counts } = await checkExtract(seed)
        expect(violations).toEqual([])
        unreachable += counts.unreachable
      }
      expect(unreachable).toBeGreaterThan(20)
    },
  )
})
