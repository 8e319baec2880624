import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { PostgresConnector, SqlConnection } from '@exprsn/backup'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { exportTables, importTables, type ExportTablesOptions, type TablesExport } from '@exprsn/backup/logical'
import { decompress } from '@exprsn/core/bytes'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { folderStore, memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { freshPostgresDatabase, type FreshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { describe, expect, it } from 'vitest'
import { majors, value } from './source.ts'

const child = fileURLToPath(new URL('copy-export-child.ts', import.meta.url))

interface Place {
  readonly database: FreshPostgresDatabase
  readonly connector: PostgresConnector
  readonly sql: SqlConnection
  [Symbol.asyncDispose](): Promise<void>
}

async function place(major: number, ...statements: string[]): Promise<Place> {
  const database = await freshPostgresDatabase(major)
  const connector = postgresConnector(database.connection)
  const sql = await connector.sql()
  for (const statement of statements) await sql.query(statement)
  return {
    ...{ database, connector, sql },
    async [Symbol.asyncDispose]() {
      await sql.close()
      await database.drop()
    },
  }
}

/** Rows of an export as text, in the order of the parts. */
async function textOf(store: ObjectStore, done: TablesExport, name: string): Promise<string> {
  const parts = done.tables.find((table) => table.name === name)!.parts
  const texts = await Promise.all(
    parts.map(async ({ key, bytes }) => {
      const stored = await (await store.get(key)).bytes()
      return Buffer.from(done.compress === 'none' ? stored : decompress(stored, { limit: bytes })).toString()
    }),
  )
  return texts.join('')
}

const everyType = `create table types (
  id bigint generated always as identity primary key, small int2, flag bool, price numeric(12,3), any_price numeric,
  real_value float4, double_value float8, name varchar(40), fixed char(5), body text, raw bytea, day date, at timestamptz,
  local timestamp, clock time, span interval, ids int[], texts text[], document jsonb, plain json, address inet, code uuid,
  during tstzrange, bits varbit, money_value money, spot point, tree xml, doubled numeric generated always as (price * 2) stored,
  "Odd ""name" text)`
const manyRows = `insert into types (small, flag, price, any_price, real_value, double_value, name, fixed, body, raw, day, at, local,
    clock, span, ids, texts, document, plain, address, code, during, bits, money_value, spot, tree, "Odd ""name")
  select n % 32000, n % 2 = 0, n / 7.0, case n % 5 when 0 then numeric 'NaN' when 1 then 'Infinity' else n end, n / 3.0, sqrt(n), 'n' || n, 'ab',
    case n % 4 when 0 then null when 1 then E'tab\\tline\\nback\\\\slash\\r' || chr(8) || chr(11) when 2 then '\\N' else '' end,
    sha256(n::text::bytea), date '2000-01-01' + n, timestamptz '2020-02-29 12:00:00.123456+05' + n * interval '1 s',
    '0044-03-15 BC', '23:59:59.999999', n * interval '1 day 1 s', array[n, null], array['a,b', null, '{"x"}'],
    jsonb_build_object('n', n, 'text', E'ü\\n'), '{"a" : 1,  "a": 2}', '10.0.0.1/8', md5(n::text)::uuid,
    tstzrange(now(), null), '101', 12.34, point(n, 0.1), '<a>1</a>', '漢字 🎉'
  from generate_series(1, 1200) n`

describe.each(majors)('rows of PostgreSQL %i tables', (major) => {
  it('come back as they were, of every type, with tables in circles, sequences and partitions', async () => {
    const schema = [
      everyType,
      'create table teams (id serial primary key, lead int, parent int references teams)',
      'create table people (id serial primary key, team int not null references teams)',
      'alter table teams add constraint has_lead foreign key (lead) references people',
      'create table empty_one ()',
      'create table events (id int, at date) partition by range (at)',
      `create table events_1 partition of events for values from ('2026-01-01') to ('2027-01-01')`,
      'create table notes (id int references people, note text)',
    ]
    await using from = await place(
      major,
      ...schema,
      manyRows,
      'insert into teams select n, null, nullif(n - 1, 0) from generate_series(1, 500) n',
      'insert into people (team) select n from generate_series(1, 500) n',
      'update teams set lead = 501 - id',
      'insert into empty_one select from generate_series(1, 3)',
      `insert into events select n, '2026-05-05' from generate_series(1, 10) n`,
      'insert into notes select n, repeat(md5(n::text), 40) from generate_series(1, 500) n',
      'vacuum analyze',
    )
    await using into = await place(major, ...schema)
    const store = memoryStore()
    const seen: number[] = []
    const done = await exportTables({
      ...{ connector: from.connector, store, prefix: 'a/b', partSize: 65_536, connections: 3 },
      onProgress: ({ done: bytes, total }) => seen.push(bytes, total),
    })
    expect(done).toMatchObject({ consistent: true, compress: 'zstd' })
    expect(done.tables.map(({ name, rows }) => `${name} ${rows}`)).toEqual([
      ...['empty_one 3', 'events_1 10', 'notes 500', 'people 500', 'teams 500', 'types 1200'],
    ])
    expect(done.tables.at(-1)!.parts.length).toBeGreaterThan(3)
    expect(done.tables.at(-1)!.sequences).toEqual([{ column: 'id', last: '1200' }])
    const bytes = done.tables.reduce((sum, table) => sum + table.bytes, 0)
    expect(seen.slice(-2)).toEqual([bytes, bytes])

    const result = await importTables({ connector: into.connector, store, prefix: 'a/b', verify: 'content' })
    expect(result.tables.map(({ rows }) => rows).reduce((sum, rows) => sum + rows, 0)).toBe(2713)
    for (const table of ['types', 'teams', 'people', 'notes', 'events']) {
      const digest = `select md5(string_agg(t::text, '|' order by id)) from ${table} t`
      expect(await value(into.sql, digest), table).toBe(await value(from.sql, digest))
    }
    const strict = `select count(*)::int from pg_constraint where contype = 'f' and not condeferrable`
    expect(await value(into.sql, strict)).toBe(await value(from.sql, strict))
    await into.sql.query('insert into people (team) values (1)')
    expect(await value(into.sql, 'select max(id) from people')).toBe(501)
    expect(await value(into.sql, 'select count(*)::int from exprsn_imports')).toBe(0)
    // The files are open: psql alone reads them.
    const rows = await textOf(store, done, 'people')
    expect(rows.split('\n').slice(0, 2)).toEqual(['1\t1', '2\t2'])
  })
})

const newest = majors[0]!

describe.each(majors.slice(0, 1))('an export from PostgreSQL %i', (major) => {
  it('is of one moment, however much is written meanwhile', async () => {
    await using from = await place(
      major,
      'create table accounts (id int primary key, balance bigint)',
      'create table moves (account int, amount bigint)',
      'insert into accounts select n, 100 from generate_series(1, 20000) n',
      'vacuum analyze',
    )
    let writing = true
    const writer = (async () => {
      await using sql = await from.connector.sql()
      while (writing)
        await sql.query(`with m as (insert into moves select (random() * 19999)::int + 1, 7 returning *)
          update accounts a set balance = balance + m.amount from m where a.id = m.account`)
    })()
    const store = memoryStore()
    const done = await exportTables({ connector: from.connector, store, partSize: 32_768, compress: 'none' })
    writing = false
    await writer
    const numbers = (text: string): number =>
      text.split('\n').reduce((sum, row) => sum + Number(row.split('\t')[1] ?? 0), 0)
    const balance = numbers(await textOf(store, done, 'accounts'))
    expect(balance - numbers(await textOf(store, done, 'moves'))).toBe(2_000_000)
    expect(done.snapshots).toHaveLength(1)
    expect(done.tables[0]!.rows).toBe(20_000)
  })

  it('leaves rows out and masks columns, so that keys and references still fit', async () => {
    const schema = [
      'create table customers (email varchar(60) primary key, name text, born date, phone text, tax bigint unique not null, note text)',
      'create table orders (id int primary key, email varchar(60) references customers, code uuid)',
    ]
    await using from = await place(
      major,
      ...schema,
      `insert into customers select 'user' || n || '@example.org', E'Na\\tme ' || n, date '1980-01-01' + n, '+49 30 ' || n, 4000000 + n,
         'secret ' || n from generate_series(1, 300) n`,
      `insert into orders select n, 'user' || (n % 300 + 1) || '@example.org', md5(n::text)::uuid from generate_series(1, 900) n`,
    )
    await using into = await place(major, ...schema)
    const store = memoryStore()
    const key = 'a key that nobody can guess'
    const done = await exportTables({
      ...{ connector: from.connector, store, compress: 'none' },
      tables: [
        {
          table: 'customers',
          mask: {
            email: { kind: 'keep-format', key },
            name: (name, row) => `${name?.length} letters, born ${row.value('born')}`,
            phone: { kind: 'fixed', value: "it's \\ fixed" },
            tax: { kind: 'hash', key },
            note: { kind: 'null' },
          },
        },
        {
          table: 'orders',
          where: 'id <= 600',
          columns: ['id', 'email'],
          mask: { email: { kind: 'keep-format', key } },
        },
      ],
    })
    const text = (await textOf(store, done, 'customers')) + (await textOf(store, done, 'orders'))
    for (const secret of ['user1@', 'secret', '+49', '4000001', 'Na\\tme']) expect(text).not.toContain(secret)
    expect(done.tables[0]!.columns.map(({ masked }) => masked)).toEqual([true, true, false, true, true, true])
    await importTables({ connector: into.connector, store, verify: 'content' })
    expect(await value(into.sql, 'select count(*)::int from orders join customers using (email)')).toBe(600)
    const row = await into.sql.query('select name, phone, note, email from customers order by born limit 1')
    expect(row.rows[0]).toMatchObject({ name: '7 letters, born 1980-01-02', phone: "it's \\ fixed", note: null })
    expect(row.rows[0]!['email']).toMatch(/^[a-z]{4}\d@[a-z]{7}\.[a-z]{3}$/)
    expect(await value(into.sql, 'select count(code)::int from orders')).toBe(0)
  })

  it('goes on after SIGKILL with what is not stored, and imports each part once', { timeout: 120_000 }, async () => {
    const schema = 'create table events (id int primary key, body text)'
    await using from = await place(
      major,
      schema,
      'insert into events select n, repeat(md5(n::text), 12) from generate_series(1, 6000) n',
      'vacuum analyze',
    )
    await using into = await place(major, schema)
    const path = await makeTemporaryFolder(systemDisk, { prefix: 'copy-export-' })
    try {
      const begun = await killedAfter(
        { what: 'export', connection: from.database.connection, path },
        8,
        /^stored .*\d\.json$/,
      )
      const again = await runChild({ what: 'export', connection: from.database.connection, path })
      const redone = again.filter((line) => begun.includes(line))
      expect(begun.length).toBeGreaterThanOrEqual(8)
      expect(redone.filter((line) => /^stored tables.*json$/.test(line))).toEqual([])
      expect(again.at(-1)).toBe('done')

      const imported = await killedAfter(
        { what: 'import', connection: into.database.connection, path },
        14,
        /^read .*copy$/,
      )
      expect(imported).not.toContain('done')
      const before = Number(await value(into.sql, 'select count(*)::int from exprsn_imports'))
      const rest = await runChild({ what: 'import', connection: into.database.connection, path })
      const done = (await folderExport(path))!
      expect(rest.filter((line) => line.endsWith('.copy')).length).toBe(done.tables[0]!.parts.length - before)
      expect(before).toBeGreaterThan(0)
      const digest = `select count(*) || md5(string_agg(t::text, '|' order by id)) from events t`
      expect(await value(into.sql, digest)).toBe(await value(from.sql, digest))
      expect(done.consistent).toBe(true)
    } finally {
      await removeTree(systemDisk, path)
    }
  })

  it('says so when it went on at a later moment, and copies again what two moments would tear', async () => {
    await using from = await place(
      major,
      'create table by_key (id int primary key, body text)',
      'create table by_page (id int, body text)',
      'insert into by_key select n, repeat(md5(n::text), 12) from generate_series(1, 2000) n',
      'insert into by_page select * from by_key',
      'vacuum analyze',
    )
    const inner = memoryStore()
    const options = { connector: from.connector, compress: 'none', partSize: 65_536, connections: 1 } as const
    const keys: string[] = []
    const failing: ObjectStore = {
      ...inner,
      async put(key, body, putOptions) {
        if (keys.filter((each) => each.endsWith('.copy')).length === 18 && key.endsWith('.copy'))
          throw new Error('no store')
        keys.push(key)
        return inner.put(key, body, putOptions)
      },
    }
    await expect(exportTables({ ...options, store: failing })).rejects.toThrow('no store')
    await from.sql.query('update by_key set body = body; ')
    await from.sql.query("update by_page set body = body || '!'")
    const again: string[] = []
    const store: ObjectStore = {
      ...inner,
      put: (key, body, putOptions) => (again.push(key), inner.put(key, body, putOptions)),
    }
    const done = await exportTables({ ...options, store })
    expect(done).toMatchObject({ consistent: false, snapshots: [{}, {}] })
    for (const table of done.tables) {
      const ids = (await textOf(inner, done, table.name))
        .split('\n')
        .slice(0, -1)
        .map((row) => Number(row.split('\t')[0]))
      expect(
        ids.toSorted((a, b) => a - b),
        table.name,
      ).toEqual(Array.from({ length: 2000 }, (_, at) => at + 1))
      const moments = new Set(table.parts.map(({ snapshot }) => snapshot))
      if (table.name === 'by_page') expect(moments.size).toBe(1)
    }
    const twice = keys.filter((key) => again.includes(key) && key.endsWith('.copy'))
    expect(twice.every((key) => key.includes('by_page'))).toBe(true)
    expect(keys.some((key) => key.includes('by_key') && key.endsWith('.copy') && !again.includes(key))).toBe(true)
  })

  it('is ended by its signal, and by a lock that somebody waits for', async () => {
    await using from = await place(
      major,
      'create table wide (id int primary key, body text)',
      'insert into wide select n, repeat(md5(n::text), 12) from generate_series(1, 5000) n',
      'vacuum analyze',
    )
    await from.sql.query('create table narrow (id int)')
    const stop = new AbortController()
    const options = { connector: from.connector, partSize: 65_536 }
    const cut = exportTables({
      ...{ ...options, store: memoryStore(), signal: stop.signal },
      tables: [{ table: 'wide', mask: { body: (body) => (stop.abort(new Error('enough')), body) } }],
    })
    await expect(cut).rejects.toThrow('enough')

    await using other = await from.connector.sql()
    const inner = memoryStore()
    let waiting: Promise<unknown> | undefined
    const slow: ObjectStore = {
      ...inner,
      async put(key, body, putOptions) {
        if (waiting === undefined && key.endsWith('.zst')) {
          waiting = other.query('truncate narrow').catch(() => {})
          const queued = `select count(*) > 0 from pg_locks where not granted and mode = 'AccessExclusiveLock'`
          while ((await value(from.sql, queued)) !== true);
        }
        return inner.put(key, body, putOptions)
      },
    }
    const locked = exportTables({ ...options, store: slow, connections: 1 })
    await expect(locked).rejects.toMatchObject({ code: 'BACKUP_EXPORT_LOCKED', retryable: true })
    await waiting
  })

  it('agrees with another session that keeps the same moment', async () => {
    await using from = await place(major, 'create table t (id int)', 'insert into t values (1)')
    await using holder = await from.connector.sql()
    await holder.query('begin isolation level repeatable read')
    const snapshot = String(await value(holder, 'select pg_export_snapshot()'))
    await from.sql.query('insert into t values (2)')
    const store = memoryStore()
    const done = await exportTables({ connector: from.connector, store, snapshot })
    expect(done.tables[0]!.rows).toBe(1)
    await holder.query('commit')
    await expect(exportTables({ connector: from.connector, store: memoryStore(), snapshot })).rejects.toMatchObject({
      code: 'BACKUP_EXPORT_SNAPSHOT_GONE',
    })
  })
})

describe('bad input to an export', () => {
  it('is a typed error that says what to change', async () => {
    await using from = await place(
      newest,
      'create table t (id int primary key, born date)',
      `insert into t values (1, '2000-01-01')`,
      'create table hidden (id int)',
      'alter table hidden enable row level security',
      'create role exprsn_reader login',
      'grant select on t, hidden to exprsn_reader',
    )
    try {
      const fails = (options: Partial<ExportTablesOptions>, code: string, details: object = {}): Promise<void> =>
        expect(exportTables({ connector: from.connector, store: memoryStore(), ...options })).rejects.toMatchObject({
          code,
          details: expect.objectContaining(details),
        })
      await fails({ tables: ['nothing'] }, 'BACKUP_EXPORT_TABLE_UNKNOWN', { table: 'nothing' })
      await fails({ tables: [{ table: 't', where: 'nothing = 1' }] }, 'BACKUP_EXPORT_FILTER_INVALID', {
        table: 'public.t',
      })
      await fails(
        { tables: [{ table: 't', mask: { born: { kind: 'hash', key: 'x'.repeat(16) } } }] },
        'BACKUP_EXPORT_MASK_INVALID',
      )
      const thrower = { table: 't', mask: { id: () => { throw new TypeError('bad') } } } // prettier-ignore
      await fails({ tables: [thrower] }, 'BACKUP_EXPORT_MASK_FAILED', { column: 'id', row: 1 })
      await fails({ connections: 0 }, 'BACKUP_EXPORT_OPTION_INVALID', { option: 'connections' })
      await fails({ partSize: 1 }, 'BACKUP_EXPORT_OPTION_INVALID', { option: 'partSize' })
      await fails({ compressionLevel: 20 }, 'BACKUP_EXPORT_OPTION_INVALID', { option: 'compressionLevel' })
      await fails({ compress: 'rar' as 'none' }, 'BACKUP_EXPORT_OPTION_INVALID', { option: 'compress' })
      await fails({ tables: [] }, 'BACKUP_EXPORT_OPTION_INVALID', { option: 'tables' })
      await fails({ database: 'nowhere' }, 'BACKUP_POSTGRES_DATABASE_UNKNOWN')
      const reader = postgresConnector({ ...from.database.connection, user: 'exprsn_reader' })
      await fails({ connector: reader, tables: ['hidden'] }, 'BACKUP_EXPORT_NOT_ALLOWED', { table: 'public.hidden' })

      const store = memoryStore()
      await exportTables({ connector: from.connector, store, tables: ['t'] })
      await fails({ store, tables: ['t'] }, 'BACKUP_EXPORT_EXISTS')
      await store.delete('export.json')
      await fails({ store, tables: ['t'], resume: false }, 'BACKUP_EXPORT_UNFINISHED')
      await fails({ store, tables: ['hidden'] }, 'BACKUP_EXPORT_DIFFERS')
      await from.sql.query('alter table t add column more int')
      await fails({ store, tables: ['t'] }, 'BACKUP_EXPORT_DIFFERS', {
        reason: 'the columns of public.t are others now',
      })
      await from.sql.query('alter table t rename to gone')
      await fails({ store, tables: ['t'] }, 'BACKUP_EXPORT_TABLE_UNKNOWN')
    } finally {
      await from.sql.query('drop owned by exprsn_reader')
      await from.sql.query('drop role exprsn_reader')
    }
  })
})

describe('bad input to an import', () => {
  it('is a typed error, and nothing half is left', async () => {
    await using from = await place(
      newest,
      'create table t (id int, note text)',
      `insert into t select n, 'x' from generate_series(1, 500) n`,
    )
    const store = memoryStore()
    const { connector } = from
    await expect(importTables({ connector, store })).rejects.toMatchObject({ code: 'BACKUP_EXPORT_MISSING' })
    const done = await exportTables({ connector, store, tables: ['t'] })
    const fails = (options: Partial<Parameters<typeof importTables>[0]>, code: string): Promise<void> =>
      expect(importTables({ connector, store, ...options })).rejects.toMatchObject({ code })
    await fails({}, 'BACKUP_IMPORT_NOT_EMPTY')
    await fails({ tables: ['u'] }, 'BACKUP_EXPORT_TABLE_UNKNOWN')
    await fails({ connections: 0.5 }, 'BACKUP_EXPORT_OPTION_INVALID')
    await fails({ existing: 'keep', verify: 'content' }, 'BACKUP_EXPORT_OPTION_INVALID')
    await fails({ schema: 'other' }, 'BACKUP_IMPORT_TABLE_MISSING')
    await from.sql.query('create schema other')
    await from.sql.query('create table other.t (id int)')
    await fails({ schema: 'other' }, 'BACKUP_IMPORT_COLUMN_MISSING')
    await from.sql.query('alter table other.t add column note text check (id < 300)')
    await fails({ schema: 'other' }, 'BACKUP_IMPORT_ROW_REFUSED')
    expect(await value(from.sql, 'select count(*)::int from other.t')).toBe(0)
    await from.sql.query('drop table other.t')
    await from.sql.query('create table other.t (id int, note text)')
    await from.sql.query(
      `create function other.skip() returns trigger language plpgsql as 'begin return case when new.id > 1 then new end; end'`,
    )
    await from.sql.query('create trigger skip before insert on other.t for each row execute function other.skip()')
    await fails({ schema: 'other' }, 'BACKUP_IMPORT_ROWS_DIFFER')
    await from.sql.query(
      `create or replace function other.skip() returns trigger language plpgsql as 'begin new.note = 1; return new; end'`,
    )
    await fails({ schema: 'other', verify: 'content' }, 'BACKUP_IMPORT_CONTENT_DIFFERS')
    await from.sql.query('drop trigger skip on other.t')

    const { key } = done.tables[0]!.parts[0]!
    const bytes = Buffer.from(await (await store.get(key)).bytes())
    bytes[bytes.length >> 1]! ^= 1
    await store.put(key, bytes)
    await from.sql.query('truncate other.t')
    await from.sql.query('truncate exprsn_imports')
    await fails({ schema: 'other' }, 'BACKUP_EXPORT_DAMAGED')
    expect(await value(from.sql, 'select count(*)::int from other.t')).toBe(0)
    const list = Buffer.from(await (await store.get('export.json')).bytes()).toString()
    await store.put('export.json', Buffer.from(list.replace('"rows":500', '"rows":501')))
    await fails({}, 'BACKUP_EXPORT_DAMAGED')
    await store.put('export.json', Buffer.from('{'))
    await fails({}, 'BACKUP_EXPORT_DAMAGED')
  })

  it('empties tables or adds to them only when that is asked for', async () => {
    await using from = await place(newest, 'create table t (id int)', 'insert into t values (1)')
    const { connector, sql } = from
    const store = memoryStore()
    await exportTables({ connector, store })
    await importTables({ connector, store, existing: 'keep' })
    expect(await value(sql, 'select count(*)::int from t')).toBe(2)
    await importTables({ connector, store, existing: 'truncate', tables: ['public.*'] })
    expect(await value(sql, 'select count(*)::int from t')).toBe(1)
  })
})

async function folderExport(path: string): Promise<TablesExport | undefined> {
  const bytes = await (await folderStore({ path }).get('export.json')).bytes()
  return JSON.parse(Buffer.from(bytes).toString()).value
}

function startChild(settings: object) {
  const started = spawn(
    process.execPath,
    ['--conditions=@exprsn/source', '--no-warnings', child, JSON.stringify(settings)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  return { started, lines: createInterface({ input: started.stdout }) }
}

async function runChild(settings: object): Promise<string[]> {
  const { lines } = startChild(settings)
  const found: string[] = []
  for await (const line of lines) found.push(line)
  return found
}

/** Kills without warning once so many lines of a kind have come; what came until then. */
async function killedAfter(settings: object, count: number, kind: RegExp): Promise<string[]> {
  const { started, lines } = startChild(settings)
  const ended = once(started, 'exit')
  const found: string[] = []
  for await (const line of lines) {
    found.push(line)
    if (found.filter((each) => kind.test(each)).length === count) started.kill('SIGKILL')
  }
  await ended
  return found
}
