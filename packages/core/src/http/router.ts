import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { StandardSchema } from '../config/standard-schema.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { silentLogger, type Logger } from '../logger/logger.ts'
import type { Authenticator } from './authenticator.ts'
import { compileRoute, type CompiledRoute, type RouteDefaults } from './compile-route.ts'
import { createCors, type CorsOptions } from './cors.ts'
import { httpErrors } from './errors.ts'
import { Exchange } from './exchange.ts'
import { directHandlers } from './node/direct-handlers.ts'
import type { PlainAnswer } from './node/node-response.ts'
import { parsePath } from './path-pattern.ts'
import { problemAnswer, type ProblemOptions } from './problem.ts'
import { rateGuard, type RequestRate } from './rate-limit-guard.ts'
import { Reply, reply, responseFor } from './reply.ts'
import { targetOf } from './request-parts.ts'
import type { AnyRoute, RouteDefinition } from './route.ts'
import { createRouteTable } from './route-table.ts'
import { securityHeaders, type SecurityHeaders } from './security-headers.ts'
import { withHeaders } from './with-headers.ts'

/**
 * Options of {@link createRouter}. When a router is mounted in another, those of the outer one count for `cors`,
 * `securityHeaders`, `typeOf` and `logger`; all others stay with the routes.
 */
export interface RouterOptions extends Pick<ProblemOptions, 'typeOf'> {
  /** Put before the path of every route. @default '' */
  readonly prefix?: string | undefined
  /** Who may ask; with several, the first whose credential is present decides. @default everybody */
  readonly auth?: Authenticator | readonly Authenticator[] | undefined
  /** Applied to all routes together. @default none */
  readonly rateLimit?: RequestRate | undefined
  /** Whether other sites' changes are refused: `'cookie'` for those authenticated by a cookie. @default 'cookie' */
  readonly csrf?: 'always' | 'cookie' | false | undefined
  /** Most bytes of a body that is read for a handler. @default 1048576 */
  readonly bodyLimit?: number | undefined
  /** How long such a body may take to arrive. @default '30s' */
  readonly bodyTimeout?: Duration | undefined
  /** Changes to the headers of every answer; `false` sends none. @default a policy under which nothing is shown or run */
  readonly securityHeaders?: SecurityHeaders | false | undefined
  /** Other origins that may read answers. @default none */
  readonly cors?: CorsOptions | undefined
  /** Told about every error with a status of 500 and above. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** One route of a router, as descriptions need it. */
export interface RouteEntry {
  /** The whole path. */
  readonly path: string
  readonly definition: AnyRoute
  /** Security schemes of which one is needed. */
  readonly authenticators: readonly Authenticator[]
  /** False when the route can be used without a credential as well. */
  readonly required: boolean
}

/** Routes over `Request → Response`. */
export interface Router {
  /** Answers a request; never rejects. Bound: it can be passed on. */
  readonly fetch: (request: Request) => Promise<Response>
  /** All routes, those of mounted routers included, in the order of their definition. */
  readonly routes: readonly RouteEntry[]
  /** Adds a route. @throws `CORE_HTTP_ROUTE_INVALID` */
  route<
    const Path extends string,
    Params extends StandardSchema | undefined = undefined,
    Query extends StandardSchema | undefined = undefined,
    Body extends StandardSchema | undefined = undefined,
  >(
    definition: RouteDefinition<Path, Params, Query, Body>,
  ): Router
  /** Adds the routes that another router has by now, under a prefix (`''` for none). @throws `CORE_HTTP_ROUTE_INVALID` */
  mount(prefix: string, router: Router): Router
}

interface Mountable {
  readonly path: string
  readonly definition: AnyRoute
  readonly defaults: RouteDefaults
}

/** How a router finds the settings of another's routes: not part of the interface. */
const mountables = new WeakMap<Router, readonly Mountable[]>()

/**
 * A router over `Request → Response`. Routes are found in a trie; inputs are checked against schemas, and errors come
 * back as problem details (RFC 9457). It runs in every host that speaks `fetch`, and in Node through `toNodeHandler`.
 *
 * @example
 * ```ts
 * import { createRouter } from '@exprsn/core/http'
 * import { z } from 'zod'
 *
 * const router = createRouter()
 * router.route({
 *   method: 'GET',
 *   path: '/jobs/:id',
 *   params: z.object({ id: z.int() }),
 *   handler: ({ params }) => ({ id: params.id, state: 'done' }),
 * })
 * console.log(await (await router.fetch(new Request('http://localhost/jobs/7'))).json()) // { id: 7, state: 'done' }
 * console.log((await router.fetch(new Request('http://localhost/jobs/seven'))).status) // 400
 * ```
 */
export function createRouter(options: RouterOptions = {}): Router {
  const { prefix = '', auth = [], logger = silentLogger, clock = systemClock, typeOf } = options
  if (prefix !== '') checkPrefix(prefix)
  const defaults: RouteDefaults = {
    auth: Array.isArray(auth) ? auth : [auth as Authenticator],
    csrf: options.csrf ?? 'cookie',
    bodyLimit: options.bodyLimit ?? 1_048_576,
    bodyTimeout: milliseconds(options.bodyTimeout ?? '30s'),
    rateGuard: options.rateLimit && rateGuard(options.rateLimit, clock),
    clock,
  }
  const secure = securityHeaders(options.securityHeaders)
  const cors = options.cors && createCors(options.cors)
  const table = createRouteTable<CompiledRoute>()
  const entries: RouteEntry[] = []
  const own: Mountable[] = []

  function add({ path, definition, defaults: settings }: Mountable): void {
    const compiled = compileRoute(definition, path, settings)
    if (!table.add(definition.method, compiled.segments, compiled))
      throw httpErrors.CORE_HTTP_ROUTE_INVALID({ route: `${definition.method} ${path}`, reason: 'it is defined twice' })
    const { authenticators, required } = compiled
    entries.push({ path, definition, authenticators, required })
    own.push({ path, definition, defaults: settings })
  }

  function find(method: string, path: string) {
    const found = table.find(method, path)
    return found.value === undefined && method === 'HEAD' ? table.find('GET', path) : found
  }

  function answerUnrouted(exchange: Exchange, path: string, found: readonly string[]): PlainAnswer {
    const { request } = exchange
    if (found.length === 0) throw httpErrors.CORE_HTTP_NOT_FOUND({ path })
    const methods = [...new Set([...found, 'OPTIONS', ...(found.includes('GET') ? ['HEAD'] : [])])].toSorted()
    const preflight = cors?.preflight(request, methods)
    if (preflight === undefined && request.method !== 'OPTIONS')
      throw httpErrors.CORE_HTTP_METHOD_NOT_ALLOWED({ method: request.method, allow: methods })
    return { status: 204, headers: { ...secure, allow: methods.join(', '), ...preflight }, content: null }
  }

  /** What the handler returned, or at once the answer where there is no handler. */
  function run(exchange: Exchange): unknown {
    const { request } = exchange
    const { path, query } = targetOf(request)
    const found = find(request.method, path)
    if (found.value === undefined) return new Reply(answerUnrouted(exchange, path, found.methods))
    return found.value.run(exchange, found.parameters, query)
  }

  function problem(exchange: Exchange, error: unknown): PlainAnswer {
    const { request, requestId } = exchange
    const answer = problemAnswer(error, { requestId, typeOf })
    // What a client broke off is no fault of the service.
    if (answer.status >= 500 && !(ExprsnError.is(error) && error.status < 500))
      logger.error({ err: error, requestId, method: request.method, path: targetOf(request).path }, 'a request failed')
    return answer
  }

  /** Puts what every answer carries beneath what this one says itself. */
  function finish(exchange: Exchange, result: unknown): Response {
    const { request } = exchange
    const id = exchange.knownRequestId
    const shell = cors === undefined ? { ...secure } : Object.assign({}, secure, cors.headersFor(request))
    if (id !== undefined) shell['x-request-id'] = id
    if (exchange.headers !== undefined) Object.assign(shell, exchange.headers)
    if (result instanceof Response) return withHeaders(result, shell, request)
    const { status, content, headers } = result instanceof Reply ? result : reply(result)
    return responseFor(request, status, Object.assign(shell, headers), content)
  }

  function fail(exchange: Exchange, error: unknown): Response {
    return finish(exchange, new Reply(problem(exchange, error)))
  }

  async function finishLater(exchange: Exchange, result: Promise<unknown>): Promise<Response> {
    try {
      return finish(exchange, await result)
    } catch (error) {
      return fail(exchange, error)
    }
  }

  function respond(request: Request): Response | Promise<Response> {
    const exchange = new Exchange(request)
    try {
      const result = run(exchange)
      return result instanceof Promise ? finishLater(exchange, result) : finish(exchange, result)
    } catch (error) {
      return fail(exchange, error)
    }
  }

  const router: Router = {
    routes: entries,
    fetch: async (request) => respond(request),
    route(definition) {
      add({ path: prefix + definition.path, definition: definition as unknown as AnyRoute, defaults })
      return router
    },
    mount(at, other) {
      if (at !== '') checkPrefix(at)
      for (const { path, ...rest } of mountables.get(other) ?? []) add({ ...rest, path: prefix + at + path })
      return router
    },
  }
  mountables.set(router, own)
  directHandlers.set(router.fetch, respond)
  return router
}

function checkPrefix(prefix: string): void {
  const segments = parsePath(prefix)
  if (segments.some((segment) => segment.kind !== 'static' || segment.text === ''))
    throw httpErrors.CORE_HTTP_ROUTE_INVALID({
      route: prefix,
      reason: 'a prefix is plain text without a slash at its end',
    })
}
