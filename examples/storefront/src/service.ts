import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from '@exprsn/core'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { toNodeHandler } from '@exprsn/core/http'
import { createLifecycle, type Lifecycle } from '@exprsn/core/lifecycle'
import { createScheduler, every } from '@exprsn/core/schedule'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { createShop, shopMigrations } from './shop.ts'
import { openTill } from './till.ts'

/** The service, ready to be started. */
export interface Service {
  readonly lifecycle: Lifecycle
  /** Where it listens, once it is started. */
  url(): string
}

/** Puts everything together; the shop listens after `lifecycle.start()`. */
export async function createService(config: Config, logger: Logger): Promise<Service> {
  const database = sqliteDatabase({ path: `${config.folder}/storefront.db` })
  const till = await openTill(config)
  const shop = createShop({ database, gateway: till.gateway })
  const app = createApp({ shop, till, logger })
  till.simulator?.webhooks.sendTo((request) => app.fetch(new Request('http://localhost/webhooks/stripe', request)))
  const scheduler = createScheduler({ database })
  scheduler.add({
    id: 'sweep',
    when: every('1m'),
    run: async ({ signal }) => void (await shop.payments.sweep({ signal })),
  })
  if (till.simulator !== undefined)
    scheduler.add({
      id: 'webhooks',
      when: every('2s'),
      run: async () => void (await till.simulator!.webhooks.deliver()),
    })
  const server = createServer(toNodeHandler(app.fetch, { logger }))

  const lifecycle = createLifecycle({ logger, deadline: '30s' })
  lifecycle.add({
    name: 'database',
    start: () => migrate(database, [shopMigrations, shop.payments.migrations, scheduler.migrations]),
    stop: () => database.close(),
  })
  lifecycle.add({ name: 'till', stop: () => till.close() })
  lifecycle.add({
    name: 'schedule',
    dependsOn: ['database', 'till'],
    start: () => scheduler.start(),
    stop: () => scheduler.close(),
  })
  lifecycle.add({
    name: 'http',
    dependsOn: ['schedule'],
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
  return { lifecycle, url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
