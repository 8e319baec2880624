import { sqliteDatabase } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { describe, expect, it } from 'vitest'
import { mirror } from './mirror.ts'

describe('two accounts that are mapped to each other', () => {
  it('write each of 1,000 changes once, and nothing comes back: SQLite', { timeout: 240_000 }, async () => {
    await using database = sqliteDatabase({ path: ':memory:' })
    const { commits, conflicts, byOthers } = await mirror(database, {}, 1_000)
    expect({ commits, conflicts }).toEqual({ commits: [1_000, 1_000], conflicts: [0, 0] })
    expect(Math.min(...byOthers)).toBeGreaterThan(200)
  })

  it('write each of 100 changes once, and nothing comes back: PostgreSQL', { timeout: 240_000 }, async () => {
    const server = await freshPostgresDatabase()
    try {
      await using database = postgresDatabase({ connection: { ...server.connection }, max: 12 })
      const { commits, conflicts } = await mirror(database, { prefix: 'app_', schema: 'ops' }, 100)
      expect({ commits, conflicts }).toEqual({ commits: [100, 100], conflicts: [0, 0] })
    } finally {
      await server.drop()
    }
  })
})
