/**
 * Routes by OSRM behind the same port as the router of this package.
 *
 * @packageDocumentation
 */
import type { Client } from '@exprsn/core/client'
import { metresBetween } from '../coordinates/sphere.ts'
import { routingErrors } from '../routing/errors.ts'
import { languages } from '../routing/guidance/languages.ts'
import { checkNumber, checkPoints, invalid } from '../routing/port/check-request.ts'
import type { IsochroneResult } from '../routing/port/isochrone-request.ts'
import type { MatchRequest, MatchResult } from '../routing/port/match-request.ts'
import type { MatrixRequest, MatrixResult } from '../routing/port/matrix-request.ts'
import type { RouteRequest, RouteResult } from '../routing/port/route-request.ts'
import type { Router, SnappedPoint } from '../routing/port/router.ts'
import { gramsPerMetre } from '../routing/route/emissions.ts'
import type { PointToSnap } from '../routing/snap/snap-points.ts'
import { osrmErrors } from './osrm/errors.ts'
import type { OsrmAnswer, OsrmTracepoint, OsrmWaypoint } from './osrm/osrm-answer.ts'
import { wayOfRoute } from './osrm/way-of-route.ts'

export { osrmErrors } from './osrm/errors.ts'

/** Options of {@link osrmRouter}. */
export interface OsrmRouterOptions {
  /** Where `osrm-routed` is, such as `http://osrm.internal:5000`. */
  readonly url: string
  /** Of `@exprsn/core/client`, allowed to reach that address. The host's to close. */
  readonly client: Client
  /**
   * OSRM's name of the profile.
   * @default 'driving'
   */
  readonly profile?: string | undefined
  /**
   * What has to be shown with results.
   * @default '© OpenStreetMap contributors'
   */
  readonly attribution?: string | undefined
}

/**
 * A router that asks OSRM's HTTP API v1. Experimental: it was tried against the answers that Valhalla gives in OSRM's format,
 * not against OSRM itself. Times are OSRM's, legs have no annotations, and there are no isochrones.
 *
 * @throws `GEO_OSRM_FAILED` and `GEO_OSRM_UNSUPPORTED` from its methods, beside what the port's requests throw
 * @example
 * ```ts no-run
 * import { createClient } from '@exprsn/core/client'
 * import { osrmRouter } from '@exprsn/geo/drivers/osrm'
 *
 * await using client = createClient()
 * const router = osrmRouter({ url: 'https://osrm.example.com', client })
 * const route = await router.route({ points: [[9.52, 47.14], [9.51, 47.21]] })
 * ```
 */
export function osrmRouter(options: OsrmRouterOptions): Router {
  return new OsrmRouter(options)
}

class OsrmRouter implements Router {
  readonly #client: Client
  readonly #url: string
  readonly #profile: string
  readonly #attribution: string
  #closed = false

  constructor({ url, client, profile = 'driving', attribution = '© OpenStreetMap contributors' }: OsrmRouterOptions) {
    this.#client = client
    this.#url = url.replace(/\/+$/, '')
    this.#profile = profile
    this.#attribution = attribution
  }

  async route(request: RouteRequest): Promise<RouteResult> {
    const { instructions = 'en', alternatives = 0, emissions, signal } = request
    const points = this.#begin(request.points, 'points', request)
    if (points.length < 2) throw invalid('points', 'a way needs two or more')
    if (instructions !== false && !Object.hasOwn(languages, instructions))
      throw invalid('instructions', `there is no language "${String(instructions)}"`)
    const grams = emissions === undefined ? undefined : gramsPerMetre(emissions)
    const answer = await this.#ask('route', points, signal, { ...drawn, alternatives: String(alternatives) })
    if (answer.code === 'NoSegment') return { found: false, reason: 'no-road', point: segmentOf(answer) ?? 0 }
    // OSRM does not say between which points there is no way.
    if (answer.code === 'NoRoute') return { found: false, reason: 'unreachable', point: 0 }
    const places = (answer.waypoints ?? []).map((waypoint, index) => snapped(waypoint, points[index]!))
    const [way, ...others] = (answer.routes ?? []).map((route) =>
      wayOfRoute(route, { places, language: instructions, grams }),
    )
    if (way === undefined) throw failed('route', 'the answer holds no route')
    return {
      found: true,
      ...way,
      ...(alternatives === 0 ? {} : { alternatives: others }),
      attribution: this.#attribution,
    }
  }

  async matrix(request: MatrixRequest): Promise<MatrixResult> {
    const { sources, targets = sources, signal } = request
    const from = this.#begin(sources, 'sources', request)
    const to = this.#begin(targets, 'targets', request)
    const points = [...from, ...to]
    const found: (SnappedPoint | undefined)[] = points.map(() => undefined)
    const [rows, columns] = [from.length, to.length]
    const durations = new Float64Array(rows * columns).fill(NaN)
    const distances = new Float64Array(rows * columns).fill(NaN)
    // One point without a road fails the whole table: it is asked again without it.
    for (let kept = [...points.keys()]; ;) {
      const [asked, wanted] = [kept.filter((index) => index < rows), kept.filter((index) => index >= rows)]
      if (asked.length === 0 || wanted.length === 0) break
      const answer = await this.#ask(
        'table',
        kept.map((index) => points[index]!),
        signal,
        {
          sources: asked.map((_, at) => at).join(';'),
          destinations: wanted.map((_, at) => at + asked.length).join(';'),
          annotations: 'duration,distance',
        },
      )
      if (answer.code === 'NoSegment') {
        const missing = segmentOf(answer)
        if (missing === undefined || missing >= kept.length) throw failed('table', answer.message ?? answer.code)
        kept = kept.filter((_, at) => at !== missing)
        continue
      }
      for (const [at, row] of asked.entries())
        for (const [place, target] of wanted.entries()) {
          const cell = row * columns + target - rows
          durations[cell] = answer.durations?.[at]?.[place] ?? NaN
          distances[cell] = answer.distances?.[at]?.[place] ?? NaN
        }
      const waypoints = [...(answer.sources ?? []), ...(answer.destinations ?? [])]
      for (const [at, index] of kept.entries()) found[index] = snapped(waypoints[at]!, points[index]!)
      break
    }
    return { rows, columns, durations, distances, sources: found.slice(0, rows), targets: found.slice(rows) }
  }

  async isochrone(): Promise<IsochroneResult> {
    throw osrmErrors.GEO_OSRM_UNSUPPORTED({ service: 'isochrones' })
  }

  async match({ fixes, accuracy = 10, radius, signal }: MatchRequest): Promise<MatchResult> {
    checkNumber(accuracy, 'accuracy', { least: 0.1, most: 10_000 })
    const points = this.#begin(fixes, 'fixes', { radius, signal })
    const nowhere = { parts: [], fixes: points.map(() => undefined), attribution: this.#attribution }
    if (points.length < 2) return nowhere
    const exact = points.map((point) => ({ ...point, rules: { radius: accuracy } }))
    const answer = await this.#ask('match', exact, signal, { ...drawn, gaps: 'split', tidy: 'false' })
    if (answer.code === 'NoMatch' || answer.code === 'NoSegment') return nowhere
    const traced = answer.tracepoints ?? []
    const places = points.map((point, index) => traced[index] && snapped(traced[index], point))
    const parts = (answer.matchings ?? []).map((route, part) => {
      const own = fixesOf(traced, part)
      const ends = own.map((fix) => places[fix]!)
      const way = wayOfRoute(route, { places: ends, language: false, grams: undefined })
      return { ...way, firstFix: own[0]!, lastFix: own.at(-1)! }
    })
    return { parts, fixes: places.map((place) => place ?? undefined), attribution: this.#attribution }
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #begin(points: unknown, where: string, { radius, signal }: Pick<RouteRequest, 'radius' | 'signal'>): PointToSnap[] {
    if (this.#closed) throw routingErrors.GEO_ROUTER_CLOSED()
    signal?.throwIfAborted()
    return checkPoints(points, where, radius)
  }

  async #ask(
    service: string,
    points: readonly PointToSnap[],
    signal: AbortSignal | undefined,
    options: Readonly<Record<string, string>>,
  ): Promise<OsrmAnswer> {
    const places = points.map(({ position: [x, y] }) => `${x.toFixed(6)},${y.toFixed(6)}`).join(';')
    const query = new URLSearchParams(options)
    query.set('radiuses', points.map(({ rules }) => rules.radius).join(';'))
    if (points.some(({ rules }) => rules.bearing !== undefined)) query.set('bearings', points.map(bearingOf).join(';'))
    const url = `${this.#url}/${service}/v1/${encodeURIComponent(this.#profile)}/${places}?${query}`
    const response = await this.#client.request(url, { signal, throwOnStatus: false })
    const answer = readAnswer(service, response)
    if (answer.code === 'Ok' || noAnswers.has(answer.code)) return answer
    throw failed(service, answer.message ?? answer.code)
  }
}

const drawn = { overview: 'false', geometries: 'polyline6', steps: 'true' } as const
const noAnswers = new Set(['NoRoute', 'NoSegment', 'NoMatch'])

function readAnswer(service: string, response: { readonly status: number; json(): unknown }): OsrmAnswer {
  let answer: unknown
  try {
    answer = response.json()
  } catch (error) {
    throw osrmErrors.GEO_OSRM_FAILED({ service, reason: `status ${response.status}, no JSON` }, { cause: error })
  }
  if (typeof (answer as Partial<OsrmAnswer> | null)?.code === 'string') return answer as OsrmAnswer
  throw failed(service, `status ${response.status}, an answer without code`)
}

function failed(service: string, reason: string) {
  return osrmErrors.GEO_OSRM_FAILED({ service, reason })
}

function bearingOf({ rules: { bearing, tolerance = 45 } }: PointToSnap): string {
  return bearing === undefined ? '' : `${Math.round(bearing)},${Math.round(tolerance)}`
}

/** OSRM names the point in words alone: `Could not find a matching segment for coordinate 2`. */
function segmentOf({ message }: OsrmAnswer): number | undefined {
  const digits = /coordinate (\d+)/.exec(message ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}

function snapped({ location, distance, name = '' }: OsrmWaypoint, { position }: PointToSnap): SnappedPoint {
  return { position: location, distance: distance ?? metresBetween(...location, ...position), name }
}

function fixesOf(traced: readonly (OsrmTracepoint | null)[], part: number): number[] {
  return traced.flatMap((point, fix) => (point?.matchings_index === part ? [fix] : []))
}
