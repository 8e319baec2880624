import type { FetchHandler } from '@exprsn/core/http'
import type { LogStore } from '../store/index.ts'
import { logRouter, type LogRouterOptions } from './log-router.ts'

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
 * const handler = createLogHandler(store)
 * const response = await handler(new Request('http://localhost/query?q=*'))
 * console.log(response.status) // 200
 * await store.close()
 * ```
 */
export function createLogHandler(store: LogStore, options: LogRouterOptions = {}): FetchHandler {
  return logRouter(store, options).fetch
}
