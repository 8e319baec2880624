import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from '@exprsn/core'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { toNodeHandler } from '@exprsn/core/http'
import { createLifecycle, type Lifecycle } from '@exprsn/core/lifecycle'
import { createTwoWay } from '@exprsn/atproto/two-way'
import { createApp } from './app.ts'
import { articleMigrations, articles } from './articles.ts'
import type { Config } from './config.ts'
import { openOutlet } from './outlet.ts'

/** The service, ready to be started. */
export interface Service {
  readonly lifecycle: Lifecycle
  /** Where it listens, and where the account's host is, once it is started. */
  urls(): { readonly url: string; readonly simulator: string | undefined }
}

/** Puts everything together; the newsroom listens after `lifecycle.start()`. */
export async function createService(config: Config, logger: Logger): Promise<Service> {
  // A host in memory forgets everything: so does what is known of it.
  const path = config.account === undefined ? ':memory:' : `${config.folder}/newsroom.db`
  const database = sqliteDatabase({ path })
  const outlet = await openOutlet(config, database)
  const { account, source, resolveSigningKey, editorKey, simulator } = outlet
  const twoWay = createTwoWay({
    database,
    account,
    source,
    mappings: { articles },
    sync: { resolveSigningKey },
    logger,
  })
  const app = createApp({ database, twoWay, did: account.did, editorKey, logger })
  const server = createServer(toNodeHandler(app.fetch, { logger }))

  const lifecycle = createLifecycle({ logger, deadline: '30s' })
  lifecycle.add({
    name: 'database',
    start: () => migrate(database, [articleMigrations, ...twoWay.migrations]),
    stop: () => database.close(),
  })
  lifecycle.add({ name: 'outlet', dependsOn: ['database'], stop: () => outlet.close() })
  lifecycle.add({
    name: 'sync',
    dependsOn: ['database', 'outlet'],
    start: () => twoWay.start(),
    stop: () => twoWay.close({ deadline: '10s' }),
  })
  lifecycle.add({
    name: 'http',
    dependsOn: ['sync'],
    start: () =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(config.port, resolve)
      }),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  })
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { lifecycle, urls: () => ({ url: url(), simulator: simulator?.url }) }
}
