import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { toNodeHandler } from '@exprsn/core/http'
import { fleetMigrations, openFleet } from './fleet.ts'
import { openRoads } from './roads.ts'
import { fleetRoutes } from './routes.ts'

/** A running service. */
export interface Service {
  readonly url: string
  close(): Promise<void>
}

/** Starts the service. Fences and vehicles that an earlier process left in the folder are there again. */
export async function startService(options: {
  readonly port: number
  readonly folder: string
  readonly roads?: string | undefined
}): Promise<Service> {
  const database = sqliteDatabase({ path: `${options.folder}/fleet.db` })
  const fleet = openFleet(database)
  await migrate(database, [fleet.tracked.migrations, fleetMigrations])
  const roads = await openRoads(options.roads)
  const server = createServer(toNodeHandler(fleetRoutes(fleet, roads).fetch))
  await new Promise<void>((resolve) => server.listen(options.port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await new Promise((resolve) => server.close(resolve))
      await roads.router.close()
      await database.close()
    },
  }
}
