import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import type { Database } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { sqliteDatabase } from '../../src/database/sqlite-database.ts'
import { postgresDatabase } from '../../src/drivers/postgres.ts'
import { resilienceMigrations } from '../../src/resilience-database/migrations.ts'

/** A database with the tables, and how to get rid of it. */
export interface PreparedDatabase {
  readonly database: Database
  close(): Promise<void>
}

/** SQLite in memory. */
export async function preparedSqlite(): Promise<PreparedDatabase> {
  const database = sqliteDatabase({ path: ':memory:' })
  await migrate(database, [resilienceMigrations])
  return { database, close: () => database.close() }
}

/** A real PostgreSQL server. */
export async function preparedPostgres(): Promise<PreparedDatabase> {
  const server = await freshPostgresDatabase()
  const database = postgresDatabase({ connection: { ...server.connection }, max: 4 })
  await migrate(database, [resilienceMigrations])
  return {
    database,
    async close() {
      await database.close()
      await server.drop()
    },
  }
}
