import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { toNodeHandler } from '@exprsn/core/http'
import { createPlanner } from '@exprsn/geo/optimize'
import { createDispatch } from './dispatch.ts'
import { fleet as fleetOf } from './fleet.ts'
import { orderBook, orderMigrations } from './orders.ts'
import { deliveryRoutes } from './routes.ts'

/** A running service. */
export interface Service {
  readonly url: string
  close(): Promise<void>
}

/** Starts the service. Orders and the plan that an earlier process left in the folder are there again. */
export async function startService({
  port,
  folder,
  vans = 4,
  now = () => (Date.now() / 1_000) % 86_400,
}: {
  readonly port: number
  readonly folder: string
  readonly vans?: number | undefined
  /** Seconds since midnight. @default of UTC */
  readonly now?: (() => number) | undefined
}): Promise<Service> {
  const database = sqliteDatabase({ path: `${folder}/delivery.db` })
  await migrate(database, [orderMigrations])
  const planner = createPlanner({ maxTimeLimit: '60s' })
  const fleet = fleetOf(vans)
  const dispatch = createDispatch({ book: orderBook(database), planner, fleet, now })
  const server = createServer(toNodeHandler(deliveryRoutes(dispatch, { planner, fleet, now }).fetch))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      // Ends what is being solved, so that nobody waits for its answer.
      await planner.close()
      await closed
      await database.close()
    },
  }
}
