import type { Database } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { findOracle, missingReason } from '@exprsn/real-servers/oracles'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'

const control = findOracle('postgis')

/** Why tests with PostGIS are skipped; undefined when they are not. */
export const noPostgis = control === undefined ? missingReason('postgis') : undefined

/** An empty database on a server that has PostGIS. */
export interface PostgisDatabase {
  readonly database: Database
  drop(): Promise<void>
}

/** Makes one, on the PostgreSQL that the extension was installed for. */
export async function freshPostgisDatabase(): Promise<PostgisDatabase> {
  const fresh = await freshPostgresDatabase(Number(/postgresql\/(\d+)/.exec(control!)![1]))
  const database = postgresDatabase({ connection: { ...fresh.connection } })
  return {
    database,
    async drop() {
      await database.close()
      await fresh.drop()
    },
  }
}
