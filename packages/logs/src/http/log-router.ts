import { systemClock } from '@exprsn/core'
import { createRouter, type Router, type RouterOptions } from '@exprsn/core/http'
import type { LogStore } from '../store/index.ts'
import { queryRoutes } from './query-routes.ts'
import { receiveRoutes } from './receive-routes.ts'
import { savedRoutes } from './saved-routes.ts'
import { SharedTails } from './tail/shared-tails.ts'

/** Options of `createLogHandler` and {@link logRouter}. */
export interface LogRouterOptions extends Pick<RouterOptions, 'prefix' | 'auth' | 'rateLimit' | 'logger' | 'clock'> {
  /** Most bytes of a body, packed and unpacked. @default 16 MiB */
  readonly bodyLimit?: number | undefined
  /** Most bytes that wait for a reader of `/tail` who is slow: what comes meanwhile is left out, and counted. @default 32 MiB */
  readonly tailLimit?: number | undefined
}

/**
 * A log store over HTTP, as a router that can be mounted into the host's own: `GET /query`, `/tail` (server-sent events),
 * `/facets`, `/context`, `/trace/:id`, `/explain`, `/export` and `/saved`; lines in by `POST /lines` (NDJSON), `/_bulk`
 * (Elasticsearch), `/loki/api/v1/push` and `/v1/logs` (OTLP), the last two in JSON or protobuf, any of them packed with gzip or
 * zstd. An answer means that the lines are durable. Lines tell everything: say with `auth` who may ask.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@exprsn/core/storage'
 * import { logRouter } from '@exprsn/logs/http'
 * import { createLogStore } from '@exprsn/logs/store'
 *
 * const store = createLogStore({ store: memoryStore() })
 * const { fetch } = logRouter(store, { prefix: '/logs' })
 * await fetch(new Request('http://localhost/logs/lines', { method: 'POST', body: '{"msg":"one"}\n{"msg":"two"}\n' }))
 * const response = await fetch(new Request('http://localhost/logs/query?q=two'))
 * const { lines } = (await response.json()) as { lines: { text: string }[] }
 * console.log(lines[0]?.text) // {"msg":"two"}
 * await store.close()
 * ```
 */
export function logRouter(
  store: LogStore,
  { bodyLimit = 16 * 2 ** 20, tailLimit = 32 * 2 ** 20, ...options }: LogRouterOptions = {},
): Router {
  const router = createRouter(options)
  queryRoutes(router, store, new SharedTails(store, options.clock ?? systemClock, tailLimit))
  savedRoutes(router, store)
  receiveRoutes(router, store, bodyLimit)
  return router
}
