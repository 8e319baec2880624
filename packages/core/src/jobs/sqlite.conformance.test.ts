import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { migrate } from '../database/migrate.ts'
import { sqliteDatabase } from '../database/sqlite-database.ts'
import { jobsConformance } from '../testing/jobs-conformance.ts'
import { createJobs } from './create-jobs.ts'
import { jobMigrations } from './sql/migrations.ts'

describe('createJobs over SQLite', () => {
  it.each(jobsConformance)('$name', async ({ run }) => {
    const folder = await mkdtemp(join(tmpdir(), 'exprsn-jobs-'))
    try {
      await using database = sqliteDatabase({ path: join(folder, 'app.db'), synchronous: 'normal' })
      await migrate(database, [jobMigrations])
      await expect(
        run({ database, create: (options) => createJobs({ database, ...options }) }),
      ).resolves.toBeUndefined()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
