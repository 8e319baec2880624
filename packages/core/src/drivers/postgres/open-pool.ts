import type { Pool } from 'pg'
import { databaseErrors } from '../../database/errors.ts'
import { loadPg } from './load-pg.ts'
import type { PgClientLike, PgConnectionConfig, PgPoolLike } from './pool.ts'

/** A pool of ours, or the host's. */
export interface OpenedPool {
  readonly pool: PgPoolLike
  /** A connection beside the pool's, for cancelling. */
  readonly aside: () => Promise<PgClientLike>
  readonly close: () => Promise<void>
}

/** Uses the host's pool as it is. */
export function hostPool(pool: PgPoolLike): OpenedPool {
  return { pool, aside: () => pool.connect(), close: async () => {} }
}

/** Makes a pool; nothing is connected yet. */
export async function openPool(
  connection: string | PgConnectionConfig,
  limits: { readonly max: number; readonly connectTimeout: number },
): Promise<OpenedPool> {
  const pg = await loadPg()
  const config = {
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    connectionTimeoutMillis: limits.connectTimeout,
  }
  const pool = new pg.Pool({ ...config, max: limits.max, allowExitOnIdle: true })
  // An idle connection that the server closes is replaced on the next use: nothing to report.
  pool.on('error', () => {})
  return { pool: pool as Pool & PgPoolLike, aside, close: () => pool.end() }

  async function aside(): Promise<PgClientLike> {
    const client = new pg.Client(config)
    client.on('error', () => {})
    await client.connect()
    return Object.assign(client, { release: () => void client.end().catch(() => {}) })
  }
}

/** Where a connection leads, without user and password. */
export function describeTarget(connection: string | PgConnectionConfig): string {
  if (typeof connection !== 'string') {
    const { host = 'localhost', port = 5432, database } = connection
    return `${host}:${port}/${database ?? ''}`
  }
  if (connection.startsWith('/')) return connection
  // The host may stand in the query alone, as for a socket folder: postgres://user@/database?host=/run/postgresql
  const text = connection.replace(/^([a-z]+:\/\/[^/]*@)\//, '$1localhost/')
  if (!URL.canParse(text)) throw databaseErrors.CORE_DATABASE_OPTIONS({ reason: 'connection is not a valid URL' })
  const { host, pathname, searchParams } = new URL(text)
  return `${searchParams.get('host') ?? host}${pathname}`
}
