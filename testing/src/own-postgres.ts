import { startPostgres, type PostgresServer, type StartPostgresOptions } from '@exprsn/backup/server'

/**
 * A cluster of the test's own, for what a shared one cannot give: kills, settings, replication slots, roles.
 * `await using server = await startOwnPostgres({ settings: { wal_level: 'replica' } })`
 */
export function startOwnPostgres(options: StartPostgresOptions = {}): Promise<PostgresServer> {
  return startPostgres({
    resolveFrom: import.meta.filename,
    binariesFolder: process.env.EXPRSN_TEST_BINARIES,
    ...options,
  })
}
