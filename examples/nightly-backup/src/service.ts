import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Backup } from '@exprsn/backup'
import type { Logger } from '@exprsn/core'
import { migrate, sqliteDatabase, type MigrationSet } from '@exprsn/core/database'
import { toNodeHandler } from '@exprsn/core/http'
import { createLifecycle, type Lifecycle } from '@exprsn/core/lifecycle'
import { createMetrics } from '@exprsn/core/metrics'
import { createScheduler } from '@exprsn/core/schedule'
import { createApp } from './app.ts'
import { createBackups, databasePath, uploadsFolder, type SourceName } from './backups.ts'
import type { Config } from './config.ts'

const notes: MigrationSet = {
  name: 'notes',
  migrations: [{ id: '001-notes', sql: 'create table notes (id integer primary key, text text not null)' }],
}

/** The service, ready to be started. */
export interface Service {
  readonly lifecycle: Lifecycle
  readonly backups: Backup<SourceName>
  /** Where it listens, once it is started. */
  url(): string
}

/** Puts everything together; nothing runs before `lifecycle.start()`. */
export function createService(config: Config, logger: Logger): Service {
  const uploads = uploadsFolder(config)
  mkdirSync(uploads, { recursive: true })
  const database = sqliteDatabase({ path: databasePath(config) })
  const scheduler = createScheduler({ database })
  const metrics = createMetrics({ prefix: 'notes' })
  const backups = createBackups(config, { logger, metrics, scheduler })
  const app = createApp({ database, uploads, backups, metrics, token: config.token.reveal() })
  const server = createServer(toNodeHandler(app.fetch, { logger }))

  const lifecycle = createLifecycle({ logger, deadline: '30s' })
  lifecycle.add({
    name: 'database',
    start: () => migrate(database, [notes, scheduler.migrations]),
    stop: () => database.close(),
  })
  lifecycle.add({
    name: 'schedule',
    dependsOn: ['database'],
    start: () => scheduler.start(),
    stop: () => scheduler.close(),
  })
  // Stopped first of the two: a backup that is under way ends with a snapshot, or is taken up by the next run.
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
