import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresDatabase } from '../drivers/postgres.ts'
import type { Database } from './database.ts'
import { postgresArray } from './postgres-array.ts'

describe('a list as a parameter for PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof freshPostgresDatabase>>
  let database: Database
  beforeAll(async () => {
    server = await freshPostgresDatabase()
    database = postgresDatabase({ connection: { ...server.connection }, max: 1 })
  })
  afterAll(async () => {
    await database.close()
    await server.drop()
  })

  const rows = async (type: string, values: readonly (string | number | null)[]) => {
    const sql = `select value from unnest(cast($1 as ${type}[])) with ordinality as one(value, place) order by place`
    return (await database.query<{ value: unknown }>(sql, [postgresArray(values)])).rows.map(({ value }) => value)
  }

  it('comes back as it was, whatever is in its texts', async () => {
    // PostgreSQL has no texts with U+0000.
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', 'NULL', 'null', '{}', '"', '\\', ' a ', ','),
    )
    const values = fc.array(fc.option(text.map((each) => Buffer.from(each.replaceAll('\0', '')).toString())))
    await fc.assert(
      fc.asyncProperty(values, async (list) => {
        expect(await rows('text', list)).toEqual(list)
      }),
    )
  })

  it('holds whole numbers to the last digit', async () => {
    const list = [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, null]
    expect(await rows('bigint', list)).toEqual(list)
    expect(await rows('bigint', [])).toEqual([])
  })
})
