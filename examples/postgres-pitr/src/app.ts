import { createBackupStatusHandler, renderDrillEvidence, type Backup } from '@exprsn/backup'
import { describeWindow, grafanaDashboard, prometheusRules } from '@exprsn/backup/monitoring'
import { equalSecrets } from '@exprsn/core/bytes'
import { createRouter, replyContent, type Router } from '@exprsn/core/http'
import { createMetricsHandler, type Metrics } from '@exprsn/core/metrics'
import { drill } from './backups.ts'
import type { Config } from './config.ts'

/** What the HTTP surface works on. */
export interface AppParts {
  readonly config: Config
  readonly backups: Backup<'db'>
  readonly metrics: Metrics
}

/** What operators see, and what Prometheus and Grafana need. */
export function createApp({ config, backups, metrics }: AppParts): Router {
  const router = createRouter()
  const isOperator = (request: Request): boolean =>
    equalSecrets(request.headers.get('authorization') ?? '', `Bearer ${config.token.reveal()}`)
  const forOperators =
    <Answer>(handler: (signal: AbortSignal) => Answer) =>
    ({ request, signal }: { readonly request: Request; readonly signal: AbortSignal }) =>
      isOperator(request) ? handler(signal) : new Response(null, { status: 403 })

  const status = createBackupStatusHandler(backups, { authorize: isOperator })
  router.route({ method: 'GET', path: '/status', handler: ({ request }) => status(request) })
  router.route({
    method: 'POST',
    path: '/backups',
    handler: forOperators(async (signal) => {
      const { id, bytes, stored, seconds } = await backups.run('db', { signal })
      return { id, bytes, stored, window: describeWindow({ bytes, seconds }) }
    }),
  })
  router.route({
    method: 'GET',
    path: '/recoverable',
    handler: forOperators(async (signal) => {
      const windows = await backups.recoverable('db', { signal })
      return windows.map(({ from, to, snapshots, gap }) => ({ from: from.time, to: to.time, snapshots, gap }))
    }),
  })
  router.route({
    method: 'POST',
    path: '/drills',
    handler: forOperators(async (signal) => {
      const { ok, recoverySeconds, lossSeconds, checks } = await drill(backups, config, signal)
      return { ok, recoverySeconds, lossSeconds, failed: checks.filter((check) => !check.ok) }
    }),
  })
  router.route({
    method: 'GET',
    path: '/drills/last',
    handler: forOperators(async (signal) => {
      const last = (await backups.drills('db', { signal })).at(-1)
      return last === undefined
        ? new Response(null, { status: 404 })
        : replyContent(renderDrillEvidence(last), { type: 'text/html; charset=utf-8' })
    }),
  })
  const scrape = createMetricsHandler(metrics)
  router.route({ method: 'GET', path: '/metrics', handler: ({ request }) => scrape(request) })
  router.route({ method: 'GET', path: '/dashboard.json', handler: () => grafanaDashboard(metrics) })
  router.route({
    method: 'GET',
    path: '/rules.yaml',
    handler: () => replyContent(prometheusRules(metrics), { type: 'application/yaml' }),
  })
  return router
}
