import { buildGraph, profiles } from '@exprsn/geo/graph'
import { readOsm } from '@exprsn/geo/osm'
import { openRouter } from '@exprsn/geo/routing'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { sharedData } from '../../../testing/src/shared-data.ts'
import { placesNearRoads } from './roads/near-roads.ts'
import { openValhalla, valhalla } from './roads/valhalla.ts'

const size = 100

/** A table of durations and distances between 100 positions in Liechtenstein, roads found, either direction of each. */
export const benchmark: Benchmark = {
  name: 'geo/matrix-100-liechtenstein',
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 500,
  peers: [valhalla],
  async prepare() {
    const path = sharedData('geo/osm/liechtenstein.osm.pbf')
    if (path === undefined) throw new Error('Liechtenstein of the shared data is needed: see EXPRSN_SHARED')
    const graph = await buildGraph(readOsm(path), { profile: profiles.car })
    const router = await openRouter(graph)
    const { actor, close } = await openValhalla(path)
    const sources = placesNearRoads(graph, size)
    const locations = sources.map(([lon, lat]) => ({ lon, lat }))
    for (let warm = 0; warm < 20; warm++) await router.matrix({ sources })
    return {
      async run(name) {
        const tables = name === ours ? 20 : 1
        let reached = 0
        const before = process.cpuUsage()
        for (let table = 0; table < tables; table++)
          if (name === ours)
            reached = (await router.matrix({ sources })).durations.filter((seconds) => !Number.isNaN(seconds)).length
          else {
            const { sources_to_targets: rows } = await actor.matrix({
              sources: locations,
              targets: locations,
              costing: 'auto',
            })
            reached = rows.flat().filter(({ time }: { readonly time: number | null }) => time !== null).length
          }
        const { user, system } = process.cpuUsage(before)
        return { value: (user + system) / 1_000 / tables, hash: `${reached} pairs reached` }
      },
      async close() {
        close()
      },
    }
  },
}
