import { createId } from '@exprsn/core'
import type { Database } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import type { StepContext } from '../../step.ts'

/** How to reach a database: the fields that `postgresConnector` and `postgresDatabase` both take. */
export interface Connection {
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly database: string
}

/** The server that is backed up, with a database of this step's own on it. */
export interface Source {
  readonly connection: Connection
  readonly database: Database
  /** Name of the replication slot, unique to this run. */
  readonly slot: string
}

/** Starts a server, or uses the one that the user named, and makes a database there that is dropped at the end. */
export async function openSource(context: StepContext): Promise<Source> {
  const name = `exprsn_tour_${createId().slice(-12)}`
  const server = context.postgresUrl === undefined ? await startServer(context) : parseUrl(context.postgresUrl)
  const admin = postgresDatabase({ connection: { ...server }, max: 1 })
  context.defer(() => admin.close())
  await admin.query(`create database ${name}`)
  context.defer(() => admin.query(`drop database if exists ${name} with (force)`))
  context.defer(() =>
    admin.query('select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1', [name]),
  )
  const connection = { ...server, database: name }
  const database = postgresDatabase({ connection, max: 4 })
  context.defer(() => database.close())
  return { connection, database, slot: name }
}

async function startServer({ say, defer, signal }: StepContext): Promise<Connection> {
  const server = await startPostgres({ settings: { wal_level: 'replica', max_wal_size: '256MB' }, signal })
  defer(() => server.stop())
  say(`PostgreSQL ${server.installation.version.text} started for this tour alone`)
  return server.connection
}

function parseUrl(text: string): Connection {
  const { hostname, port, username, password, pathname } = new URL(text)
  return {
    host: hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    ...(username === '' ? {} : { user: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    database: pathname.length > 1 ? decodeURIComponent(pathname.slice(1)) : 'postgres',
  }
}
