import { problemResponse, type FetchHandler } from '@exprsn/core/http'
import type { LogStore } from '../store/index.ts'
import { logHttpErrors } from './errors.ts'
import { logRouter, type LogRouterOptions } from './log-router.ts'

/** Options of {@link createLogHandler}. */
export interface LogHandlerOptions extends LogRouterOptions {
  /**
   * Whether a request may have an answer at all, before anything of it is read: 403 otherwise. `auth` says who it is and what
   * its role may do. @default every request may
   */
  readonly authorize?: ((request: Request) => boolean | Promise<boolean>) | undefined
}

/**
 * A log store over HTTP, for any server that speaks `Request → Response`. {@link logRouter} says which routes there are.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@exprsn/core/storage'
 * import { createLogHandler } from '@exprsn/logs/http'
 * import { createLogStore } from '@exprsn/logs/store'
 *
 * const store = createLogStore({ store: memoryStore() })
 * const authorize = (request: Request): boolean => request.headers.get('authorization') === 'Bearer secret'
 * const handler = createLogHandler(store, { authorize })
 * const headers = { authorization: 'Bearer secret' }
 * const response = await handler(new Request('http://localhost/query?q=*', { headers }))
 * console.log(response.status) // 200
 * await store.close()
 * ```
 */
export function createLogHandler(store: LogStore, { authorize, ...options }: LogHandlerOptions = {}): FetchHandler {
  const { fetch } = logRouter(store, options)
  if (authorize === undefined) return fetch
  return async (request, ...more) =>
    (await authorize(request)) ? fetch(request, ...more) : problemResponse(logHttpErrors.LOGS_HTTP_FORBIDDEN())
}
