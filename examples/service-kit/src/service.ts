import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from '@exprsn/core'
import { migrate } from '@exprsn/core/database'
import { createHealth } from '@exprsn/core/health'
import { toNodeHandler } from '@exprsn/core/http'
import { createLifecycle, type Lifecycle } from '@exprsn/core/lifecycle'
import { createMetrics } from '@exprsn/core/metrics'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { openDatabase, shopMigrations } from './database.ts'
import { nightlyReports } from './nightly.ts'
import { shopJobs } from './orders.ts'

/** The service, ready to be started. */
export interface Service {
  readonly lifecycle: Lifecycle
  /** Where it listens, once it is started. */
  url(): string
}

/** Puts everything together; nothing runs before `lifecycle.start()`. */
export function createService(config: Config, logger: Logger): Service {
  const database = openDatabase(config.folder)
  const jobs = shopJobs(database)
  const scheduler = nightlyReports(database, config.zone)
  const metrics = createMetrics({ prefix: 'shop' })
  const health = createHealth({
    checks: { database: { check: ({ signal }) => database.query('select 1 as one', [], { signal }) } },
    drainDelay: config.drainDelay,
    logger,
  })
  const server = createServer(toNodeHandler(createApp({ database, jobs, metrics, health }).fetch, { logger }))

  const lifecycle = createLifecycle({ logger, deadline: '30s' })
  lifecycle.add({
    name: 'database',
    start: () => migrate(database, [shopMigrations, jobs.migrations, scheduler.migrations]),
    stop: () => database.close(),
  })
  lifecycle.add({ name: 'jobs', dependsOn: ['database'], start: () => jobs.start(), stop: () => jobs.close() })
  lifecycle.add({
    name: 'schedule',
    dependsOn: ['database'],
    start: () => scheduler.start(),
    stop: () => scheduler.close(),
  })
  lifecycle.add({
    name: 'http',
    dependsOn: ['jobs', 'schedule'],
    start: () => listen(server, config.port),
    stop: () => closeServer(server),
  })
  lifecycle.add(health.component({ dependsOn: ['http'] }))
  return { lifecycle, url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, resolve)
  })
}

function closeServer(server: Server): Promise<void> {
  server.closeIdleConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
