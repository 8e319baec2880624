import { findOracle, missingReason } from '@exprsn/real-servers/oracles'
import { startPgBouncer, type PgBouncer } from '@exprsn/real-servers/pgbouncer'
import { freshPostgresDatabase, type FreshPostgresDatabase } from '@exprsn/real-servers/postgres'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { postgresDatabase } from '../src/drivers/postgres.ts'
import { createJobs } from '../src/jobs/create-jobs.ts'
import { databaseConformance } from '../src/testing/database-conformance.ts'
import { jobsConformance } from '../src/testing/jobs-conformance.ts'

const program = findOracle('pgbouncer')
const title = `behind PgBouncer in transaction mode (${program === undefined ? missingReason('pgbouncer') : 'installed'})`

/** Hosts put it between many processes and few connections; a session there lasts one transaction. */
describe.skipIf(program === undefined)(title, () => {
  let server: FreshPostgresDatabase
  let bouncer: PgBouncer
  let database: Database
  let direct: pg.Pool

  beforeAll(async () => {
    server = await freshPostgresDatabase()
    bouncer = await startPgBouncer({ program: program!, server: server.connection })
    database = postgresDatabase({ connection: { ...bouncer.connection } })
    direct = new pg.Pool({ ...server.connection, max: 1 })
  })
  afterAll(async () => {
    await database.close()
    await direct.end()
    await bouncer.stop()
    await server.drop()
  })
  beforeEach(async () => {
    await direct.query('drop schema public cascade')
    await direct.query('create schema public')
  })

  it('more clients than connections take turns at them', async () => {
    const clients = Array.from({ length: 20 }, () =>
      postgresDatabase({ connection: { ...bouncer.connection }, max: 1 }),
    )
    const backend = 'select pg_backend_pid() as pid, pg_sleep(0.01)'
    try {
      const results = await Promise.all(clients.map((client) => client.query<{ pid: number }>(backend)))
      expect(new Set(results.map(({ rows }) => rows[0]!.pid)).size).toBeLessThanOrEqual(5)
    } finally {
      for (const client of clients) await client.close()
    }
  })

  it.each(databaseConformance)('database: $name', async ({ run }) => {
    await using own = postgresDatabase({ connection: { ...bouncer.connection } })
    await expect(run(own)).resolves.toBeUndefined()
  })

  it.each(jobsConformance)('jobs: $name', async ({ run }) => {
    await migrate(database, [createJobs({ database }).migrations])
    await expect(run({ database, create: (options) => createJobs({ database, ...options }) })).resolves.toBeUndefined()
  })
})
