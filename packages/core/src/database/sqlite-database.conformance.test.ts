import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { databaseConformance } from '../testing/database-conformance.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { sqliteDatabase } from './sqlite-database.ts'

describe('sqliteDatabase in a file', () => {
  it.each(databaseConformance)('$name', async ({ run }) => {
    const folder = await mkdtemp(join(tmpdir(), 'exprsn-sqlite-'))
    try {
      await using database = sqliteDatabase({ path: join(folder, 'app.db') })
      await expect(run(database)).resolves.toBeUndefined()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('sqliteDatabase in memory', () => {
  it.each(databaseConformance)('$name', async ({ run }) => {
    await using database = sqliteDatabase({ path: ':memory:' })
    await expect(run(database)).resolves.toBeUndefined()
  })
})

describe('sqliteDatabase over the host’s handle', () => {
  it.each(databaseConformance)('$name', async ({ run }) => {
    const { DatabaseSync } = await loadSqlite()
    const handle = new DatabaseSync(':memory:')
    await using database = sqliteDatabase({ handle })
    await expect(run(database)).resolves.toBeUndefined()
    await database.close()
    handle.close()
  })
})
