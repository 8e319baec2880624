import { buildGraph, profiles } from '@exprsn/geo/graph'
import { readOsm } from '@exprsn/geo/osm'
import { openRouter, routeJson, type Router } from '@exprsn/geo/routing'
import type { Actor } from '@valhallajs/valhallajs'
import { ours, type Benchmark } from '../../../../scripts/bench/benchmark.ts'
import { sharedData } from '../../../../testing/src/shared-data.ts'
import { placesNearRoads } from './near-roads.ts'
import { openValhalla, valhalla } from './valhalla.ts'

type Pair = readonly [from: readonly [number, number], to: readonly [number, number]]

interface RouteBenchmark {
  readonly name: string
  readonly target: number
  /** A file of `geo/osm`. */
  readonly extract: string
  /** Whether both sides end with text; else each with what it gives. */
  readonly json: boolean
}

/**
 * CPU time from two positions to the whole geometry, roads found and turn restrictions kept, the median of calls. The profiles
 * differ in their speeds, so single routes do too: the same pairs must be routed, and the median ratio of their lengths must
 * be within three per cent. Our text must be that of the object.
 */
export function compareRoutes({ extract, json, ...benchmark }: RouteBenchmark): Benchmark {
  return {
    ...benchmark,
    unit: 'µs',
    measure: 'wall',
    better: 'lower',
    peers: [valhalla],
    async prepare({ quick }) {
      const path = sharedData(`geo/osm/${extract}`)
      if (path === undefined) throw new Error(`geo/osm/${extract} of the shared data is needed: see EXPRSN_SHARED`)
      const graph = await buildGraph(readOsm(path), { profile: profiles.car })
      const router = await openRouter(graph)
      const { actor, close } = await openValhalla(path)
      const places = placesNearRoads(graph, quick ? 200 : 600)
      const pairs = places.map((place, index): Pair => [place, places[(index * 31 + 7) % places.length]!])
      const agreement = await agree(router, actor, pairs)
      return {
        async run(name) {
          const times: number[] = []
          for (const pair of pairs) {
            const begin = performance.now()
            if (name === ours) {
              const route = await router.route({ points: pair, instructions: false })
              if (json) routeJson(route)
            } else if (json) await actor.route(JSON.stringify(question(pair)))
            else await actor.route(question(pair))
            times.push(performance.now() - begin)
          }
          times.sort((a, b) => a - b)
          return { value: times[times.length >> 1]! * 1_000, hash: agreement ?? name }
        },
        async close() {
          close()
        },
      }
    },
  }
}

function question([from, to]: Pair) {
  return {
    locations: [from, to].map(([lon, lat]) => ({ lon, lat })),
    costing: 'auto',
    directions_type: 'none',
    units: 'kilometers',
  }
}

/** What both sides agree on, undefined where they do not. */
async function agree(router: Router, actor: Actor, pairs: readonly Pair[]): Promise<string | undefined> {
  const ratios: number[] = []
  for (const pair of pairs) {
    const route = await router.route({ points: pair, instructions: false })
    const theirs = await actor.route(question(pair)).catch(() => undefined)
    if (routeJson(route) !== JSON.stringify(route)) return undefined
    if (route.found !== (theirs !== undefined)) return undefined
    if (!route.found || route.distance < 500) continue
    ratios.push(route.distance / (theirs!.trip.summary.length * 1_000))
  }
  ratios.sort((a, b) => a - b)
  const median = ratios[ratios.length >> 1]!
  return Math.abs(median - 1) <= 0.03 ? `${pairs.length} routed, as long in the median` : undefined
}
