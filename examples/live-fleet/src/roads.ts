import { buildGraph, openNetwork, profiles, readOsm, type AvoidedArea, type Router } from '@exprsn/geo/routing'
import { practiceTown } from './practice-town.ts'

/** The roads of the fleet, and what is closed on them now. */
export interface Roads {
  /** Answers by what is closed at the moment of the question. */
  readonly router: Router
  readonly closed: readonly AvoidedArea[]
  close(areas: readonly AvoidedArea[]): void
}

/** Reads roads: `.osm.pbf`, `.osm` or GeoJSON; a made-up town where there is no file. */
export async function openRoads(file: string | undefined): Promise<Roads> {
  const data = readOsm(file ?? practiceTown(12))
  const network = await openNetwork(await buildGraph(data, { profile: profiles.car }))
  let closed: readonly AvoidedArea[] = []
  // The network was cut in parts once; a router for other conditions takes milliseconds, so each change gets one of its own.
  let current = network.router()
  return {
    get closed() {
      return closed
    },
    close(areas) {
      current = network.router({ avoid: areas })
      closed = areas
    },
    router: {
      route: (request) => current.route(request),
      matrix: (request) => current.matrix(request),
      isochrone: (request) => current.isochrone(request),
      match: (request) => current.match(request),
      close: async () => current.close(),
      [Symbol.asyncDispose]: async () => current.close(),
    },
  }
}
