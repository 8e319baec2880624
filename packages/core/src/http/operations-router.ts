import { createHealthHandler, type HealthHandlerOptions } from '../health/health-handler.ts'
import type { Health } from '../health/create-health.ts'
import type { Metrics } from '../metrics/create-metrics.ts'
import { createMetricsHandler } from '../metrics/metrics-handler.ts'
import { createRouter, type Router, type RouterOptions } from './router.ts'

/** Options of {@link operationsRouter}: those of its router, and what it shows. */
export interface OperationsRouterOptions extends Pick<RouterOptions, 'prefix' | 'logger' | 'clock'> {
  /** What is asked whether the service lives and is ready. */
  readonly health: Health
  /** @default none: there is no /metrics */
  readonly metrics?: Metrics | undefined
  /** Who may scrape; the probes stay open to everybody. @default everybody */
  readonly auth?: RouterOptions['auth']
  /** What answers about health show. */
  readonly answers?: HealthHandlerOptions | undefined
}

/**
 * What the platform asks of every service, as one router: `/livez`, `/readyz`, `/startupz` and `/metrics`. Mount it in the
 * service's own, or serve it on a port that only the platform reaches.
 *
 * @example
 * ```ts
 * import { createHealth } from '@exprsn/core/health'
 * import { operationsRouter } from '@exprsn/core/http'
 * import { createMetrics } from '@exprsn/core/metrics'
 *
 * const router = operationsRouter({ health: createHealth({ checks: {} }), metrics: createMetrics() })
 * console.log((await router.fetch(new Request('http://localhost/livez'))).status) // 200
 * ```
 */
export function operationsRouter(options: OperationsRouterOptions): Router {
  const { health, metrics, auth, answers, prefix, logger, clock } = options
  const router = createRouter({ prefix, logger, clock })
  const ask = createHealthHandler(health, answers)
  for (const { path, summary, description } of probes)
    router.route({
      method: 'GET',
      path,
      summary,
      description,
      tags: ['health'],
      responses: { 200: 'It is, in the form application/health+json.', 503: 'It is not, in the same form.' },
      handler: ({ request }) => ask(request),
    })
  if (metrics === undefined) return router
  const scrape = createMetricsHandler(metrics)
  const guarded = createRouter({ auth, clock }).route({
    method: 'GET',
    path: '/metrics',
    summary: 'All metrics',
    description: 'As OpenMetrics when the request accepts it, else in the Prometheus text format.',
    tags: ['metrics'],
    responses: { 200: 'The metrics as text.' },
    handler: ({ request }) => scrape(request),
  })
  return router.mount('', guarded)
}

const probes = [
  { path: '/livez', summary: 'Is the process alive?', description: 'When it is not, restarting it helps.' },
  { path: '/readyz', summary: 'Can it take requests?', description: 'When it cannot, send them elsewhere.' },
  { path: '/startupz', summary: 'Has it started?', description: 'Until it has, the other probes mean nothing.' },
] as const
