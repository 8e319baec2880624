import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import { postgresDatabase } from '../drivers/postgres.ts'
import { jobsConformance } from '../testing/jobs-conformance.ts'
import { createJobs } from './create-jobs.ts'
import { jobMigrations } from './sql/migrations.ts'

let server: Awaited<ReturnType<typeof freshPostgresDatabase>>
let database: Database
const naming = { prefix: 'app_', schema: 'ops' } as const

beforeAll(async () => {
  server = await freshPostgresDatabase()
  database = postgresDatabase({ connection: { ...server.connection } })
})

afterAll(async () => {
  await database.close()
  await server.drop()
})

beforeEach(async () => {
  await database.query('drop schema if exists ops cascade')
  await database.query('drop table if exists effects')
  await migrate(database, [jobMigrations], naming)
})

describe('createJobs over PostgreSQL, in a schema of the host’s', () => {
  it.each(jobsConformance)('$name', async ({ run }) => {
    await expect(
      run({ database, create: (options) => createJobs({ database, ...naming, ...options }) }),
    ).resolves.toBeUndefined()
  })
})
