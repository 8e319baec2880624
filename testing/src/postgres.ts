import { randomBytes } from 'node:crypto'
import type { PostgresServerConnection } from '@exprsn/backup/server'
import pg from 'pg'
import { inject } from 'vitest'
import { askServerDesk } from './server-desk.ts'

export { startOwnPostgres } from './own-postgres.ts'
export { postgresInstallations, requirePostgres } from './postgres-installations.ts'

/** An empty database on the server that all tests of a run share. */
export interface FreshPostgresDatabase {
  readonly connection: PostgresServerConnection
  /** Drops the database, also when it still has connections. */
  drop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Makes an empty database: `await using database = await freshPostgresDatabase()`.
 * Roles, settings and replication belong to the whole server: a test that touches those starts its own.
 *
 * @param major The server's major version. Default: the newest.
 */
export async function freshPostgresDatabase(major = 0): Promise<FreshPostgresDatabase> {
  const server = await askServerDesk(inject('serverDesk'), major)
  const database = `test_${randomBytes(6).toString('hex')}`
  await runOn(server, `create database ${database} template template0`)
  const drop = () => runOn(server, `drop database if exists ${database} with (force)`)
  return { connection: { ...server, database }, drop, [Symbol.asyncDispose]: drop }
}

async function runOn(connection: PostgresServerConnection, statement: string): Promise<void> {
  const client = new pg.Client({ ...connection })
  // A server that ends while the client idles would otherwise end this process, too.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
