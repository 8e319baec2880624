import type { Clock, Logger } from '@exprsn/core'
import { createRouter, replyContent, type Router as HttpRouter, type RouterOptions } from '@exprsn/core/http'
import type { MatrixResult, Router } from '../routing/index.ts'
import { routeJson } from '../routing/port/route-json.ts'
import {
  isochroneResultSchema,
  isochroneSchema,
  matchResultSchema,
  matchSchema,
  matrixResultSchema,
  matrixSchema,
  routeResultSchema,
  routeSchema,
} from './route-schemas.ts'

/** Options of {@link routesRouter} and `createRoutesHandler`. */
export interface RoutesRouterOptions extends Pick<RouterOptions, 'rateLimit' | 'prefix'> {
  /** Whatever answers: `openRouter`, a `RoadNetwork`'s, `valhallaRouter`, `osrmRouter`. The host's to close. */
  readonly router: Router
  /** Who may ask; each question is work of this process. `false`: everyone. */
  readonly auth: Exclude<RouterOptions['auth'], undefined> | false
  /** Told about what goes wrong on our side. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Routes, tables, isochrones and map matching over HTTP as a router, to be mounted into the host's own. What cannot be reached is
 * an answer (`found: false`), not an error; cells of tables without a way are null.
 *
 * @example
 * ```ts
 * import { buildGraph, profiles } from '@exprsn/geo/graph'
 * import { routesRouter } from '@exprsn/geo/http'
 * import { readOsm } from '@exprsn/geo/osm'
 * import { openRouter } from '@exprsn/geo/routing'
 *
 * const line = { type: 'LineString', coordinates: [[9.52, 47.14], [9.53, 47.14]] }
 * const roads = readOsm(new TextEncoder().encode(JSON.stringify(line)), { tags: { highway: 'residential' } })
 * const router = await openRouter(await buildGraph(roads, { profile: profiles.car }))
 * const body = JSON.stringify({ sources: [[9.521, 47.14]], targets: [[9.528, 47.14]] })
 * const headers = { 'content-type': 'application/json' }
 * const request = new Request('http://localhost/matrix', { method: 'POST', headers, body })
 * const response = await routesRouter({ router, auth: false }).fetch(request)
 * console.log(response.status) // 200
 * ```
 */
export function routesRouter(options: RoutesRouterOptions): HttpRouter {
  const { router, auth, rateLimit, prefix, logger, clock } = options
  const tags = ['routes']
  const bodyLimit = 2 ** 20

  return createRouter({ auth: auth === false ? undefined : auth, rateLimit, prefix, logger, clock })
    .route({
      method: 'POST',
      path: '/route',
      summary: 'The fastest way over points',
      tags,
      body: routeSchema,
      bodyLimit,
      responses: { 200: routeResultSchema, 400: 'A point is not valid.' },
      handler: async ({ body, request }) =>
        replyContent(routeJson(await router.route({ ...body, signal: request.signal })), { type: 'application/json' }),
    })
    .route({
      method: 'POST',
      path: '/matrix',
      summary: 'How long it takes from many places to many others',
      description: 'Seconds and metres, a row for each source; null where no way leads.',
      tags,
      body: matrixSchema,
      bodyLimit,
      responses: { 200: matrixResultSchema, 400: 'A point is not valid.' },
      handler: async ({ body, request }) => inRows(await router.matrix({ ...body, signal: request.signal })),
    })
    .route({
      method: 'POST',
      path: '/isochrone',
      summary: 'What is reached in a time',
      tags,
      body: isochroneSchema,
      bodyLimit,
      responses: { 200: isochroneResultSchema, 400: 'The point is not valid.' },
      handler: ({ body, request }) => router.isochrone({ ...body, signal: request.signal }),
    })
    .route({
      method: 'POST',
      path: '/match',
      summary: 'The way that a vehicle took',
      tags,
      body: matchSchema,
      bodyLimit,
      responses: { 200: matchResultSchema, 400: 'A position is not valid.' },
      handler: async ({ body, request }) => {
        const answer = await router.match({ ...body, signal: request.signal })
        return { ...answer, fixes: answer.fixes.map((place) => place ?? null) }
      },
    })
}

function inRows({ rows, columns, durations, distances, sources, targets }: MatrixResult) {
  const table = (cells: Float64Array) =>
    Array.from({ length: rows }, (_, row) =>
      Array.from(cells.subarray(row * columns, (row + 1) * columns), (cell) => (Number.isNaN(cell) ? null : cell)),
    )
  const orNull = <Place>(places: readonly (Place | undefined)[]) => places.map((place) => place ?? null)
  return {
    durations: table(durations),
    distances: table(distances),
    sources: orNull(sources),
    targets: orNull(targets),
  }
}
