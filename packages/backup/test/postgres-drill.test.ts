import { join } from 'node:path'
import { createBackup, currentPosition, openRepository, renderDrillEvidence, type Backup } from '@exprsn/backup'
import { postgresConnector, postgresSource, type PostgresSourceOptions } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { systemDisk } from '@exprsn/core/disk'
import { folderStore } from '@exprsn/core/storage'
import { describe, expect, it } from 'vitest'
import { cheapScrypt } from './sample-repository.ts'
import { emitReceived, majors, startSource, value, type Source } from './source.ts'

function engine({ folder, connector }: Source, options: Partial<PostgresSourceOptions> = {}): Backup<'db'> {
  const store = folderStore({ path: join(folder, 'repository') })
  return createBackup({
    repository: openRepository({ store, password: 'secret', create: 'if-missing', scrypt: cheapScrypt }),
    cacheFolder: join(folder, 'cache'),
    sources: { db: postgresSource({ connector, ...options }) },
  })
}

describe.each(majors)('a restore drill on PostgreSQL %i', (major) => {
  it('shows that a backup can be restored, and leaves nothing but evidence', { timeout: 120_000 }, async () => {
    await using source = await startSource(major)
    const { sql, folder } = source
    await sql.query('create table orders (id serial primary key, note text)')
    await sql.query('insert into orders (note) select md5(n::text) from generate_series(1, 5000) n')
    await using backup = engine(source, { drillAlert: 1 })
    backup.start()
    const { id } = await backup.run('db')
    expect((await backup.status()).alerts.map(({ key }) => key)).toContain('drill:db')
    await sql.query("insert into orders (note) values ('last')")
    const temporaryFolder = join(folder, 'drills')
    await systemDisk.makeFolder(temporaryFolder)
    const assertions = [
      { sql: 'select count(*) = 5001 from orders', name: 'all orders' },
      { sql: "select note = 'last' from orders order by id desc limit 1" },
    ]
    const good = await backup.drill('db', { assertions, temporaryFolder })
    expect(good.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(good).toMatchObject({ ok: true, snapshot: id, target: 'the latest point' })
    expect(good.checks.map(({ name }) => name)).toEqual([
      'extensions',
      'amcheck of postgres',
      'all orders',
      assertions[1]!.sql,
      'page checksums',
    ])
    expect(good.bytes).toBeGreaterThan(20_000_000)
    expect(good.lossSeconds).toBeLessThan(60)
    expect(await count(systemDisk.entries(temporaryFolder))).toBe(0)

    const bad = await backup.drill('db', {
      assertions: [{ sql: 'select count(*) > 1000000 from orders', name: 'a million' }],
      amcheck: false,
      pageChecksums: false,
      temporaryFolder,
    })
    expect(bad).toMatchObject({ ok: false, trend: [{ ok: true }] })
    expect(bad.checks.at(-1)).toMatchObject({ name: 'a million', ok: false, detail: 'it gave false' })
    const never = await backup.drill('db', { until: { time: '2001-01-01T00:00:00Z' }, temporaryFolder })
    expect(never).toMatchObject({ ok: false, failure: expect.stringContaining('BACKUP_POSTGRES_NO_BACKUP') })
    expect(await count(systemDisk.entries(temporaryFolder))).toBe(0)

    const drills = await backup.drills('db')
    expect(drills.map(({ ok }) => ok)).toEqual([true, false, false])
    const store = folderStore({ path: join(folder, 'repository') })
    const key = (await firstKey(store))!
    const text = Buffer.from(await (await store.get(key)).bytes()).toString()
    await store.put(key, Buffer.from(text.replace(String.raw`\"ok\":true`, String.raw`\"ok\":false`)))
    expect(await backup.drills('db')).toHaveLength(2)

    const page = renderDrillEvidence({ ...bad, target: '<script>alert(1)</script>' })
    expect(page).toContain('a million')
    expect(page).not.toContain('<script>')
  })
})

async function firstKey(store: ReturnType<typeof folderStore>): Promise<string | undefined> {
  for await (const { key } of store.list({ prefix: 'x-exprsn/drills/' })) return key
  return undefined
}

async function count(entries: AsyncIterable<unknown>): Promise<number> {
  let found = 0
  for await (const _ of entries) found++
  return found
}

describe.each(majors.slice(0, 1))('a table out of a backup on PostgreSQL %i', (major) => {
  it('comes back as it was at a moment, with keys, sequences and indexes', { timeout: 120_000 }, async () => {
    await using source = await startSource(major)
    const { sql } = source
    await sql.query('create schema shop')
    await sql.query('create table shop.customers (id int primary key, name text not null)')
    await sql.query("insert into shop.customers values (1, 'first')")
    await sql.query(`create table shop.orders (
      id bigserial primary key, customer int references shop.customers, note text collate "C" default 'none' check (note <> ''),
      amount numeric(10, 2), doubled numeric generated always as (amount * 2) stored, "odd ""name" bytea)`)
    await sql.query('create index by_note on shop.orders (lower(note)) where amount > 1')
    await sql.query(`insert into shop.orders (customer, note, amount, "odd ""name")
      select 1, md5(n::text), n / 7.0, sha256(n::text::bytea) from generate_series(1, 3000) n`)
    const digest = `select count(*) || md5(string_agg(o::text, ',' order by id)) from orders o`
    const expected = await value(sql, digest.replace('from orders', 'from shop.orders'))
    await using backup = engine(source)
    backup.start()
    await backup.run('db')
    const before = await currentPosition(sql)
    await sql.query('drop schema shop cascade')
    await emitReceived(sql)
    const until = { time: before.time }
    const target = source.connector

    const { tables } = await backup.restoreTable('db', { table: 'shop.*', until, target })
    expect(tables).toEqual([
      { schema: 'shop', name: 'customers', rows: 1, left: [] },
      { schema: 'shop', name: 'orders', rows: 3_000, left: [] },
    ])
    expect(await value(sql, digest.replace('from orders', 'from shop.orders'))).toBe(expected)
    expect(await value(sql, 'insert into shop.orders (customer) values (1) returning id::int')).toBe(3_001)
    await expect(sql.query("insert into shop.orders (note) values ('')")).rejects.toMatchObject({
      code: 'BACKUP_POSTGRES_REFUSED',
    })
    expect(await value(sql, "select count(*)::int from pg_indexes where schemaname = 'shop'")).toBe(3)

    const again = { table: 'shop.orders', until, target }
    await expect(backup.restoreTable('db', again)).rejects.toMatchObject({ code: 'BACKUP_POSTGRES_TABLE_EXISTS' })
    await using other = await startPostgres({ major })
    const elsewhere = postgresConnector(other.connection)
    const moved = await backup.restoreTable('db', { ...again, target: elsewhere, schema: 'saved', as: 'old_orders' })
    expect(moved.tables[0]).toMatchObject({ schema: 'saved', name: 'old_orders', rows: 3_000 })
    // The customers are not there to be referred to.
    expect(moved.tables[0]!.left).toEqual([expect.stringContaining('constraint orders_customer_fkey')])
    await using there = await elsewhere.sql()
    expect(await value(there, digest.replace('from orders', 'from saved.old_orders'))).toBe(expected)
  })
})
