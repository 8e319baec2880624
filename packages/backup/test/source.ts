import { findPostgres, startPostgres, type PostgresServer } from '@exprsn/backup/server'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { emitMarker, formatLsn, type Lsn, type PostgresConnector, type SqlConnection } from '@exprsn/backup'
import { sleep } from '@exprsn/core'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'

// From here, not from the working folder: a campaign is started elsewhere than a test.
const resolveFrom = import.meta.filename
const installations = await findPostgres({ resolveFrom })

/** The newest installation of each major version that can be backed up: every scenario runs on all of them. */
export const majors = [...new Set(installations.map((installation) => installation.version.major))].filter(
  (major) => major >= 15,
)

/** A running source, a connection to it, and a scratch folder. */
export interface Source {
  readonly server: PostgresServer
  readonly connector: PostgresConnector
  readonly sql: SqlConnection
  readonly folder: string
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts an empty cluster that notes the time of each commit, so that restores can be judged. */
export async function startSource(
  major: number,
  settings: Readonly<Record<string, string>> = {},
  /** Whether this version knows the settings. */
  known = true,
  listen: 'socket' | 'tcp' = 'socket',
): Promise<Source> {
  const folder = await makeTemporaryFolder(systemDisk, { prefix: 'pitr-' })
  // As root the server runs as another user, who must be able to reach what is restored in here.
  await systemDisk.setMode(folder, 0o711)
  const server = await startPostgres({
    ...{ major, listen, resolveFrom },
    // Processes are killed here, machines are not: writing through to the disk would only take time.
    settings: { fsync: 'off', track_commit_timestamp: 'on', ...(known ? settings : {}) },
  })
  const connector = postgresConnector(server.connection)
  const sql = await connector.sql()
  return {
    ...{ server, connector, sql, folder },
    async [Symbol.asyncDispose]() {
      await sql.close()
      await server.stop()
      await removeTree(systemDisk, folder)
    },
  }
}

/** One value of one row. */
export async function value(sql: Pick<SqlConnection, 'query'>, text: string): Promise<unknown> {
  const { rows } = await sql.query(text)
  return Object.values(rows[0] ?? {})[0]
}

/** Puts a record into the log and waits until a receiver has said that it is durable there: a restore finds all before it. */
export async function emitReceived(sql: SqlConnection): Promise<Lsn> {
  const marker = await emitMarker(sql)
  const isReceived = `select bool_or(flush_lsn >= '${formatLsn(marker)}') from pg_stat_replication`
  while ((await value(sql, isReceived)) !== true) await sleep(20)
  return marker
}

/** Inserts in small transactions until stopped; returns the number of commits. */
export function startWriter(connector: PostgresConnector): { stop(): Promise<number> } {
  let running = true
  let commits = 0
  const work = (async () => {
    await using sql = await connector.sql()
    while (running) {
      await sql.query(
        'insert into events (at, payload) select clock_timestamp(), repeat(md5(random()::text), 8) from generate_series(1, 3)',
      )
      commits++
    }
  })()
  return {
    async stop() {
      running = false
      await work
      return commits
    },
  }
}
