import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Backup } from '@exprsn/backup'
import type { Logger } from '@exprsn/core'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { toNodeHandler } from '@exprsn/core/http'
import { createLifecycle, type Lifecycle } from '@exprsn/core/lifecycle'
import { createMetrics } from '@exprsn/core/metrics'
import { createScheduler, cron } from '@exprsn/core/schedule'
import { createApp } from './app.ts'
import { createBackups, drill } from './backups.ts'
import type { Config } from './config.ts'

/** The service, ready to be started. */
export interface Service {
  readonly lifecycle: Lifecycle
  readonly backups: Backup<'db'>
  /** Where it listens, once it is started. */
  url(): string
}

/** Puts everything together; nothing runs before `lifecycle.start()`. */
export function createService(config: Config, logger: Logger): Service {
  mkdirSync(config.folder, { recursive: true })
  const database = sqliteDatabase({ path: `${config.folder}/schedule.db` })
  const scheduler = createScheduler({ database })
  const metrics = createMetrics()
  const backups = createBackups(config, { logger, metrics, scheduler })
  scheduler.add({
    id: 'restore-drill',
    when: cron('0 5 * * 0', { zone: 'UTC' }),
    run: async ({ signal }) => void (await drill(backups, config, signal)),
  })
  const app = createApp({ config, backups, metrics })
  const server = createServer(toNodeHandler(app.fetch, { logger }))

  const lifecycle = createLifecycle({ logger, deadline: '30s' })
  lifecycle.add({
    name: 'schedule',
    start: async () => {
      await migrate(database, [scheduler.migrations])
      scheduler.start()
    },
    stop: async () => {
      await scheduler.close()
      await database.close()
    },
  })
  // WAL is received from here on. Stopped, it goes on where it was: the slot keeps what comes meanwhile.
  lifecycle.add({
    name: 'backups',
    dependsOn: ['schedule'],
    start: async () => backups.start(),
    stop: () => backups.close(),
  })
  lifecycle.add({
    name: 'http',
    dependsOn: ['backups'],
    start: () => listen(server, config.port),
    stop: () => closeServer(server),
  })
  return { lifecycle, backups, url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
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
