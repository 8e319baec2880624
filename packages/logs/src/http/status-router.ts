import { createRouter, reply, type Router, type RouterOptions } from '@exprsn/core/http'
import type { Shipper } from '../shipper/create-shipper.ts'
import { statusSchema } from './status-schema.ts'

/** Options of `createStatusHandler` and {@link statusRouter}. */
export interface StatusRouterOptions extends Pick<RouterOptions, 'prefix' | 'auth' | 'logger' | 'clock'> {
  /** Whose figures are shown. */
  readonly shipper: Pick<Shipper, 'status'>
}

/**
 * `GET /status`, as a router that can be mounted into the host's own. The answer names sinks and codes of errors: say with
 * `auth` who may see it, or serve it where only operators are.
 *
 * @example
 * ```ts
 * import { createRouter } from '@exprsn/core/http'
 * import { createShipper, memorySink } from '@exprsn/logs'
 * import { statusRouter } from '@exprsn/logs/http'
 *
 * const shipper = createShipper({ sinks: [memorySink()], spool: './data/spool' })
 * const router = createRouter().mount('/logs', statusRouter({ shipper }))
 * const response = await router.fetch(new Request('http://localhost/logs/status'))
 * const { durability } = (await response.json()) as { durability: string }
 * console.log(durability) // line
 * ```
 */
export function statusRouter({ shipper, ...options }: StatusRouterOptions): Router {
  return createRouter(options).route({
    method: 'GET',
    path: '/status',
    summary: 'Figures of the log shipper',
    description: 'What was taken, what waits, what was lost, and where each sink stands, at this moment.',
    tags: ['logs'],
    responses: { 200: statusSchema },
    handler: () => reply(shipper.status(), { headers: { 'cache-control': 'no-store' } }),
  })
}
