import type { FetchHandler } from '@exprsn/core/http'
import { statusRouter, type StatusRouterOptions } from './status-router.ts'

/**
 * Answers `GET /status` with the shipper's figures as JSON, for any server that speaks `Request → Response`.
 *
 * @example
 * ```ts
 * import { createShipper, memorySink } from '@exprsn/logs'
 * import { createStatusHandler } from '@exprsn/logs/http'
 *
 * const shipper = createShipper({ sinks: [memorySink()], spool: './data/spool' })
 * const handler = createStatusHandler({ shipper })
 * const response = await handler(new Request('http://localhost/status'))
 * const { lines } = (await response.json()) as { lines: number }
 * console.log(lines) // 0
 * ```
 */
export function createStatusHandler(options: StatusRouterOptions): FetchHandler {
  return statusRouter(options).fetch
}
