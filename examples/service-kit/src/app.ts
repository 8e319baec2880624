import { ExprsnError } from '@exprsn/core'
import type { Database } from '@exprsn/core/database'
import { createHealthHandler, type Health } from '@exprsn/core/health'
import type { DatabaseJobs } from '@exprsn/core/jobs'
import { createMetricsHandler, type Metrics } from '@exprsn/core/metrics'
import { Hono } from 'hono'
import { z } from 'zod'
import { findOrder, placeOrder, type ShopJobs } from './orders.ts'

/** What the HTTP surface works on. */
export interface AppParts {
  readonly database: Database
  readonly jobs: DatabaseJobs<ShopJobs>
  readonly metrics: Metrics
  readonly health: Health
}

const newOrder = z.object({ item: z.string().min(1).max(200), cents: z.number().int().min(1).max(1_000_000_00) })

/** Orders, health and metrics. */
export function createApp({ database, jobs, metrics, health }: AppParts): Hono {
  const app = new Hono()
  const duration = metrics.histogram({
    name: 'http_request_duration',
    unit: 'seconds',
    help: 'Requests by method and status.',
    labels: ['method', 'status'],
  })

  app.use(async (context, next) => {
    const startedAt = performance.now()
    await next()
    const labels = { method: context.req.method, status: String(context.res.status) }
    duration.observe((performance.now() - startedAt) / 1_000, labels)
  })
  app.post('/orders', async (context) => {
    const order = newOrder.safeParse(await context.req.json().catch(() => undefined))
    if (!order.success) return context.json({ problems: order.error.issues.map(({ message }) => message) }, 400)
    return context.json({ id: await placeOrder(database, jobs, order.data) }, 201)
  })
  app.get('/orders/:id', async (context) => {
    const order = await findOrder(database, context.req.param('id'))
    return order === undefined ? context.notFound() : context.json(order)
  })

  const answerHealth = createHealthHandler(health)
  for (const path of ['/livez', '/readyz', '/startupz']) app.get(path, (context) => answerHealth(context.req.raw))
  const scrape = createMetricsHandler(metrics)
  app.get('/metrics', (context) => scrape(context.req.raw))

  app.onError((error, context) => {
    const known = ExprsnError.is(error) ? { code: error.code, message: error.message } : { message: 'Internal error' }
    return context.json(known, 500)
  })
  return app
}
