import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databaseConformance } from '../testing/database-conformance.ts'
import { postgresDatabase } from './postgres.ts'

let server: Awaited<ReturnType<typeof freshPostgresDatabase>>
let hostPool: pg.Pool

beforeAll(async () => {
  server = await freshPostgresDatabase()
  hostPool = new pg.Pool({ ...server.connection, max: 4 })
  hostPool.on('error', () => {})
})

afterAll(async () => {
  await hostPool.end()
  await server.drop()
})

/** As empty as a new database, and ten times as quick. */
beforeEach(async () => {
  await hostPool.query('drop schema public cascade')
  await hostPool.query('create schema public')
})

describe('postgresDatabase with a pool of its own', () => {
  it.each(databaseConformance)('$name', async ({ run }) => {
    await using database = postgresDatabase({ connection: { ...server.connection } })
    await expect(run(database)).resolves.toBeUndefined()
  })
})

describe('postgresDatabase over the host’s pool', () => {
  it.each(databaseConformance)('$name', async ({ run }) => {
    await using database = postgresDatabase({ pool: hostPool })
    await expect(run(database)).resolves.toBeUndefined()
    await database.close()
    await hostPool.query('select 1')
  })
})
