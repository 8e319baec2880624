/**
 * Routes by Valhalla, in this process or on a server, behind the same port as the router of this package.
 *
 * @packageDocumentation
 */
import type { Position } from '../coordinates/position.ts'
import { metresBetween } from '../coordinates/sphere.ts'
import { routingErrors } from '../routing/errors.ts'
import { checkNumber, checkPoints, invalid } from '../routing/port/check-request.ts'
import type { IsochroneRequest, IsochroneResult } from '../routing/port/isochrone-request.ts'
import type { MatchRequest, MatchResult } from '../routing/port/match-request.ts'
import type { MatrixRequest, MatrixResult } from '../routing/port/matrix-request.ts'
import type { RouteRequest, RouteResult } from '../routing/port/route-request.ts'
import type { Router } from '../routing/port/router.ts'
import { gramsPerMetre } from '../routing/route/emissions.ts'
import type { PointToSnap } from '../routing/snap/snap-points.ts'
import { valhallaErrors } from './valhalla/errors.ts'
import { wayOfTrip, type ValhallaTrip } from './valhalla/trip.ts'
import type { ValhallaClient } from './valhalla/valhalla-client.ts'

export { valhallaErrors } from './valhalla/errors.ts'
export { valhallaServer, type ValhallaClient, type ValhallaServerOptions } from './valhalla/valhalla-client.ts'

/** Options of {@link valhallaRouter}. */
export interface ValhallaRouterOptions {
  /** An `Actor` of `@valhallajs/valhallajs`, or what `valhallaServer` makes. The host's to close. */
  readonly client: ValhallaClient
  /**
   * Valhalla's name of the profile.
   * @default 'auto'
   */
  readonly costing?: string | undefined
  /**
   * Valhalla's `costing_options`, such as the height of a truck.
   * @default none
   */
  readonly costingOptions?: Readonly<Record<string, unknown>> | undefined
  /**
   * What has to be shown with results.
   * @default '© OpenStreetMap contributors'
   */
  readonly attribution?: string | undefined
}

const tongues = { en: 'en-US', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' } as const

/**
 * A router that asks Valhalla. Answers have the shape of this package's own router, but the times are Valhalla's; legs have no
 * annotations, isochrones only their areas, and the unit of tables is the second.
 *
 * @throws `GEO_VALHALLA_FAILED` from its methods, beside what the port's requests throw
 * @example
 * ```ts no-run
 * import { createClient } from '@exprsn/core/client'
 * import { valhallaRouter, valhallaServer } from '@exprsn/geo/drivers/valhalla'
 *
 * await using client = createClient()
 * const router = valhallaRouter({ client: valhallaServer({ url: 'https://routing.example.com', client }) })
 * const route = await router.route({ points: [[9.52, 47.14], [9.51, 47.21]] })
 * ```
 */
export function valhallaRouter(options: ValhallaRouterOptions): Router {
  return new ValhallaRouter(options)
}

class ValhallaRouter implements Router {
  readonly #client: ValhallaClient
  readonly #costing: Readonly<Record<string, unknown>>
  readonly #attribution: string
  #closed = false

  constructor({ client, costing = 'auto', costingOptions, attribution }: ValhallaRouterOptions) {
    this.#client = client
    this.#costing = {
      costing,
      ...(costingOptions === undefined ? {} : { costing_options: { [costing]: costingOptions } }),
    }
    this.#attribution = attribution ?? '© OpenStreetMap contributors'
  }

  async route({ points, radius, instructions = 'en', emissions, signal }: RouteRequest): Promise<RouteResult> {
    const asked = this.#begin(points, 'points', { radius, signal })
    if (asked.length < 2) throw invalid('points', 'a way needs two or more')
    const grams = emissions === undefined ? undefined : gramsPerMetre(emissions)
    const missing = (await this.#found(asked)).indexOf(false)
    if (missing >= 0) return { found: false, reason: 'no-road', point: missing }
    const answer = await this.#ask('route', {
      locations: asked.map(toLocation),
      units: 'kilometers',
      ...(instructions === false ? { directions_type: 'none' } : { language: tongues[instructions] }),
    })
    // Valhalla does not say between which points there is no way.
    if (answer === undefined) return { found: false, reason: 'unreachable', point: 0 }
    const { trip } = answer as { readonly trip: ValhallaTrip }
    const positions = asked.map(({ position }) => position)
    return { found: true, ...wayOfTrip(trip, positions, grams).way, attribution: this.#attribution }
  }

  async matrix({ sources, targets = sources, radius, signal }: MatrixRequest): Promise<MatrixResult> {
    const [from, to] = [
      this.#begin(sources, 'sources', { radius, signal }),
      this.#begin(targets, 'targets', { radius, signal }),
    ]
    const [fromFound, toFound] = [await this.#found(from), await this.#found(to)]
    const [rows, columns] = [from.length, to.length]
    const [durations, distances] = [
      new Float64Array(rows * columns).fill(NaN),
      new Float64Array(rows * columns).fill(NaN),
    ]
    const [asked, wanted] = [indexesOf(fromFound), indexesOf(toFound)]
    if (asked.length > 0 && wanted.length > 0) {
      const answer = (await this.#ask('matrix', {
        sources: asked.map((row) => toLocation(from[row]!)),
        targets: wanted.map((column) => toLocation(to[column]!)),
        units: 'kilometers',
      })) as { readonly sources_to_targets?: readonly (readonly Cell[])[] } | undefined
      for (const { from_index: row, to_index: column, time, distance } of answer?.sources_to_targets?.flat() ?? []) {
        if (time === null) continue
        durations[asked[row]! * columns + wanted[column]!] = time
        distances[asked[row]! * columns + wanted[column]!] = distance * 1_000
      }
    }
    const places = (points: readonly PointToSnap[], found: readonly boolean[]) =>
      points.map(({ position }, index) => (found[index] === true ? { position, distance: 0, name: '' } : undefined))
    return { rows, columns, durations, distances, sources: places(from, fromFound), targets: places(to, toFound) }
  }

  async isochrone({ from, durations, radius, signal }: IsochroneRequest): Promise<IsochroneResult> {
    const asked = this.#begin([from], 'from', { radius, signal })
    if (!Array.isArray(durations) || durations.length === 0) throw invalid('durations', 'one or more are needed')
    for (const [index, duration] of durations.entries())
      checkNumber(duration ?? NaN, `durations[${index}]`, { least: 0, most: 500_000 })
    if (!(await this.#found(asked))[0]) return { found: false, reason: 'no-road', point: 0 }
    const contours = []
    for (const duration of durations) {
      signal?.throwIfAborted()
      const answer = (await this.#ask('isochrone', {
        locations: asked.map(toLocation),
        contours: [{ time: duration / 60 }],
        polygons: true,
      })) as { readonly features?: readonly { readonly geometry: Area }[] } | undefined
      const polygons = (answer?.features ?? []).flatMap(({ geometry }) =>
        geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates,
      )
      contours.push({
        duration,
        roads: { type: 'MultiLineString' as const, coordinates: [] },
        area: { type: 'MultiPolygon' as const, coordinates: polygons },
      })
    }
    return { found: true, contours, attribution: this.#attribution }
  }

  async match({ fixes, accuracy = 10, radius, signal }: MatchRequest): Promise<MatchResult> {
    const asked = this.#begin(fixes, 'fixes', { radius, signal })
    checkNumber(accuracy, 'accuracy', { least: 0.1, most: 10_000 })
    const nowhere = { parts: [], fixes: asked.map(() => undefined), attribution: this.#attribution }
    if (asked.length < 2) return nowhere
    const answer = await this.#ask('traceRoute', {
      shape: asked.map(({ position: [lon, lat] }) => ({ lon, lat })),
      shape_match: 'map_snap',
      units: 'kilometers',
      trace_options: { gps_accuracy: accuracy, search_radius: Math.min(100, radius ?? accuracy * 5) },
    })
    if (answer === undefined) return nowhere
    const { trip } = answer as { readonly trip: ValhallaTrip }
    const ends = [asked[0]!.position, asked.at(-1)!.position]
    const { way } = wayOfTrip(
      trip,
      trip.legs.length === 1 ? ends : [ends[0]!, ...trip.legs.map(() => ends[1]!)],
      undefined,
    )
    return {
      parts: [{ ...way, instructions: [], firstFix: 0, lastFix: asked.length - 1 }],
      fixes: asked.map(({ position }) => nearestVertex(way.geometry, position)),
      attribution: this.#attribution,
    }
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #begin(points: unknown, where: string, { radius, signal }: Limits): PointToSnap[] {
    if (this.#closed) throw routingErrors.GEO_ROUTER_CLOSED()
    signal?.throwIfAborted()
    return checkPoints(points, where, radius)
  }

  /** Per point whether there is a road. */
  async #found(points: readonly PointToSnap[]): Promise<boolean[]> {
    if (points.length === 0) return []
    const answer = await this.#ask('locate', { locations: points.map(toLocation) })
    return (answer as readonly { readonly edges: readonly { readonly distance: number }[] | null }[]).map(
      ({ edges }, index) => (edges ?? []).some(({ distance }) => !(distance > points[index]!.rules.radius)),
    )
  }

  /** @returns undefined where there is no way */
  async #ask(action: keyof ValhallaClient, query: Readonly<Record<string, unknown>>): Promise<unknown> {
    try {
      return await this.#client[action]({ ...query, ...this.#costing })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (/no path could be found|no suitable edges|map match algorithm failed/i.test(reason)) return undefined
      throw valhallaErrors.GEO_VALHALLA_FAILED({ action, reason }, { cause: error })
    }
  }
}

interface Limits {
  readonly radius: number | undefined
  readonly signal: AbortSignal | undefined
}

interface Cell {
  readonly from_index: number
  readonly to_index: number
  readonly time: number | null
  /** Kilometres. */
  readonly distance: number
}

type Area =
  | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly Position[])[])[] }

function toLocation({ position: [lon, lat], rules: { radius, bearing, tolerance } }: PointToSnap) {
  const heading = bearing === undefined ? {} : { heading: Math.round(bearing), heading_tolerance: tolerance ?? 45 }
  return { lon, lat, search_cutoff: Math.ceil(radius), ...heading }
}

function indexesOf(found: readonly boolean[]): number[] {
  return found.flatMap((is, index) => (is ? [index] : []))
}

function nearestVertex(geometry: readonly Position[], asked: Position) {
  const near = geometry.map((position) => ({ position, distance: metresBetween(...position, ...asked), name: '' }))
  return near.reduce((best, one) => (one.distance < best.distance ? one : best))
}
