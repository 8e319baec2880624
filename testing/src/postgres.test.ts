import pg from 'pg'
import { describe, expect, inject, it } from 'vitest'
import { freshPostgresDatabase, requirePostgres } from './postgres.ts'
import { askServerDesk } from './server-desk.ts'

async function query(connection: pg.ClientConfig, text: string) {
  const client = new pg.Client(connection)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

describe('freshPostgresDatabase', () => {
  it('gives each test an empty database on one server', async (context) => {
    await requirePostgres(context)
    await using first = await freshPostgresDatabase()
    await using second = await freshPostgresDatabase()
    expect(first.connection.host).toBe(second.connection.host)
    expect(first.connection.database).not.toBe(second.connection.database)
    await query(first.connection, 'create table mine (n int)')
    const tables = "select count(*)::int as n from pg_class where relname = 'mine'"
    expect(await query(first.connection, tables)).toEqual([{ n: 1 }])
    expect(await query(second.connection, tables)).toEqual([{ n: 0 }])
  })

  it('drops it, also under a client that is still connected', async (context) => {
    await requirePostgres(context)
    const database = await freshPostgresDatabase()
    const client = new pg.Client({ ...database.connection })
    client.on('error', () => {})
    await client.connect()
    await database.drop()
    await database.drop()
    await expect(client.query('select 1')).rejects.toThrow()
    await expect(query(database.connection, 'select 1')).rejects.toMatchObject({ code: '3D000' })
    await client.end().catch(() => {})
  })

  it('comes from the major version that was asked for', async (context) => {
    const { version } = await requirePostgres(context)
    await using database = await freshPostgresDatabase(version.major)
    const [row] = await query(database.connection, "select current_setting('server_version_num')::int / 10000 as major")
    expect(row).toEqual({ major: version.major })
  })
})

describe('the server desk', () => {
  it('passes on why there is no such server', async () => {
    await expect(askServerDesk(inject('serverDesk'), 7)).rejects.toThrow(/PostgreSQL/)
  })
})
