import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgresDatabase } from '../drivers/postgres.ts'
import type { Database } from './database.ts'
import { migrate, type MigrationProgress } from './migrate.ts'
import type { MigrationSet } from './migration.ts'
import { migrationSql } from './migration-sql.ts'
import { pendingMigrations } from './pending-migrations.ts'
import { splitStatements } from './split-statements.ts'
import { sqliteDatabase } from './sqlite-database.ts'

const orders: MigrationSet = {
  name: 'orders',
  migrations: [
    {
      id: '001-orders',
      sql: ({ table, index }) => `
        -- what was bought; and by whom
        create table ${table('orders')} (id text primary key, cents bigint not null);
        create index ${index('orders_cents')} on ${table('orders')} (cents);
        insert into ${table('orders')} values ('first;one', 1);`,
    },
    {
      id: '002-changes',
      sqlite: ({ table }) => `
        create table ${table('changes')} (id text);
        create trigger orders_changed after update on ${table('orders')} begin
          insert into ${table('changes')} values (new.id);
          insert into ${table('changes')} values ('$1 is text');
        end;`,
      postgres: ({ table }) => `
        create table ${table('changes')} (id text);
        create function orders_changed() returns trigger language plpgsql as $$
        begin
          insert into ${table('changes')} values (new.id);
          insert into ${table('changes')} values ('$1 is text');
          return new;
        end $$;
        create trigger orders_changed after update on ${table('orders')}
          for each row execute function orders_changed();`,
    },
  ],
}

const people: MigrationSet = {
  name: 'people',
  migrations: [{ id: '001', sql: 'create table people (id bigint primary key)' }],
}

const code = (expected: string): unknown => expect.objectContaining({ code: expected })

interface Subject {
  readonly database: Database
  /** The source of an expression that makes the same database in another process. */
  readonly source: string
  end(): Promise<void>
}

async function sqliteSubject(): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), 'exprsn-migrate-'))
  const path = join(folder, 'app.db')
  return {
    database: sqliteDatabase({ path }),
    source: `sqliteDatabase(${JSON.stringify({ path })})`,
    end: () => rm(folder, { recursive: true }),
  }
}

async function postgresSubject(): Promise<Subject> {
  const { connection, drop } = await freshPostgresDatabase()
  return {
    database: postgresDatabase({ connection: { ...connection } }),
    source: `postgresDatabase(${JSON.stringify({ connection })})`,
    end: drop,
  }
}

describe.each([
  ['SQLite', sqliteSubject],
  ['PostgreSQL', postgresSubject],
])('migrate on %s', (_, open) => {
  let subject: Subject
  let database: Database

  beforeEach(async () => {
    subject = await open()
    database = subject.database
  })

  afterEach(async () => {
    await database.close()
    await subject.end()
  })

  it('applies every migration once, in order, and tells what it did', async () => {
    const progress: MigrationProgress[] = []
    const report = await migrate(database, [orders, people], { onProgress: (step) => progress.push(step) })
    const all = [
      { set: 'orders', id: '001-orders' },
      { set: 'orders', id: '002-changes' },
      { set: 'people', id: '001' },
    ]
    expect(report).toEqual({ applied: all, unknown: [] })
    expect(progress).toEqual(all.map((each, index) => ({ ...each, done: index + 1, total: 3 })))
    expect(await migrate(database, [orders, people])).toEqual({ applied: [], unknown: [] })
    await database.query('update exprsn_orders set cents = 2')
    const { rows } = await database.query('select id from exprsn_changes order by id')
    expect(rows).toEqual([{ id: '$1 is text' }, { id: 'first;one' }])
  })

  it('remembers text, time and owner in a plain table', async () => {
    await migrate(database, [people], {
      prefix: 'app_',
      clock: { now: () => 1234, monotonic: () => 0, setTimer: never },
    })
    const { rows } = await database.query('select * from app_migrations')
    expect(rows).toEqual([
      { set_name: 'people', id: '001', checksum: expect.stringMatching(/^[0-9a-f]{64}$/), applied_at: 1234 },
    ])
  })

  it('lists what is pending and changes nothing by it', async () => {
    const first = { ...orders, migrations: orders.migrations.slice(0, 1) }
    expect(await pendingMigrations(database, [first])).toEqual([{ set: 'orders', id: '001-orders' }])
    expect(await pendingMigrations(database, [first])).toHaveLength(1)
    await migrate(database, [first])
    expect(await pendingMigrations(database, [orders])).toEqual([{ set: 'orders', id: '002-changes' }])
  })

  it('refuses a migration that was changed after it had been applied', async () => {
    await migrate(database, [people])
    const changed = { name: 'people', migrations: [{ id: '001', sql: 'create table people (id text)' }] }
    await expect(migrate(database, [changed])).rejects.toMatchObject({
      code: 'CORE_DATABASE_MIGRATION_CHANGED',
      message: expect.stringContaining('people/001'),
    })
    await expect(pendingMigrations(database, [changed])).rejects.toEqual(code('CORE_DATABASE_MIGRATION_CHANGED'))
  })

  it('refuses a migration put before one that is applied', async () => {
    await migrate(database, [people])
    const squeezed = { name: 'people', migrations: [{ id: '000', sql: 'select 1 as one' }, ...people.migrations] }
    await expect(migrate(database, [squeezed])).rejects.toMatchObject({
      code: 'CORE_DATABASE_MIGRATION_ORDER',
      details: { set: 'people', id: '000', applied: '001' },
    })
  })

  it('leaves migrations of a newer version alone and reports them', async () => {
    const newer = {
      name: 'people',
      migrations: [...people.migrations, { id: '002', sql: 'create table p2 (id text)' }],
    }
    await migrate(database, [orders, newer])
    expect(await migrate(database, [people])).toEqual({ applied: [], unknown: [{ set: 'people', id: '002' }] })
  })

  it('rolls a failing migration back wholly and says which statement failed', async () => {
    const broken = {
      name: 'people',
      migrations: [
        ...people.migrations,
        {
          id: '002',
          sql: 'create table half (id text);\ninsert into half values (1);\n\ninsert into nowhere values (1);',
        },
      ],
    }
    await expect(migrate(database, [broken])).rejects.toMatchObject({
      code: 'CORE_DATABASE_MIGRATION_FAILED',
      details: { set: 'people', id: '002', statement: 3, line: 4 },
      cause: { code: 'CORE_DATABASE_STATEMENT' },
    })
    await expect(database.query('select * from half')).rejects.toEqual(code('CORE_DATABASE_STATEMENT'))
    expect(await pendingMigrations(database, [broken])).toEqual([{ set: 'people', id: '002' }])
  })

  it('refuses transaction control inside a migration', async () => {
    const controlling = { name: 'c', migrations: [{ id: '1', sql: 'create table c (id text); commit' }] }
    await expect(migrate(database, [controlling])).rejects.toMatchObject({
      code: 'CORE_DATABASE_MIGRATION_FAILED',
      cause: { code: 'CORE_DATABASE_TRANSACTION_STATEMENT' },
    })
    await expect(database.query('select * from c')).rejects.toEqual(code('CORE_DATABASE_STATEMENT'))
  })

  it('can be given up between two migrations', async () => {
    const controller = new AbortController()
    const stop = migrate(database, [orders], {
      signal: controller.signal,
      onProgress: () => controller.abort(new RangeError('enough')),
    })
    await expect(stop).rejects.toThrow(RangeError)
    expect(await pendingMigrations(database, [orders])).toEqual([{ set: 'orders', id: '002-changes' }])
  })

  it('applies each migration once when three processes boot at the same moment', async () => {
    const set = {
      name: 'boot',
      migrations: Array.from({ length: 12 }, (__, index) => ({
        id: `${index}`.padStart(3, '0'),
        sql: `create table boot_${index} (id bigint); insert into boot_${index} values (1)`,
      })),
    }
    const reports = await Promise.all([1, 2, 3].map(() => migrateInChild(subject.source, set)))
    const applied = reports.flat().toSorted()
    expect(applied).toEqual(set.migrations.map(({ id }) => id))
    const { rows } = await database.query('select count(*) as n from exprsn_migrations')
    expect(rows).toEqual([{ n: 12 }])
    for (const index of [0, 5, 11]) expect((await database.query(`select * from boot_${index}`)).count).toBe(1)
  })

  it('writes the same schema as plain SQL', async () => {
    const plain = migrationSql(orders, database.dialect, { prefix: 'plain_' })
    expect(plain).toContain('-- orders/001-orders\n')
    for (const { text: statement } of splitStatements(plain, database.dialect)) await database.query(statement)
    expect((await database.query('select * from plain_orders')).count).toBe(1)
  })
})

function never(): never {
  throw new RangeError('no timer is needed')
}

/** The ids that another process applied. */
async function migrateInChild(source: string, set: MigrationSet): Promise<string[]> {
  const database = JSON.stringify(new URL('./index.ts', import.meta.url).href)
  const driver = JSON.stringify(new URL('../drivers/postgres.ts', import.meta.url).href)
  const script = `import { migrate, sqliteDatabase } from ${database}
    import { postgresDatabase } from ${driver}
    const database = ${source}
    const { applied } = await migrate(database, [${JSON.stringify(set)}])
    await database.close()
    console.log(JSON.stringify(applied.map(({ id }) => id)))`
  const child = spawn(process.execPath, ['--conditions=@exprsn/source', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  return JSON.parse(output || JSON.stringify({ errors })) as string[]
}

describe('migrate', () => {
  it('can be given up in the middle of a migration, which is rolled back', async () => {
    await using server = await freshPostgresDatabase()
    await using database = postgresDatabase({ connection: { ...server.connection } })
    const slow = { name: 'slow', migrations: [{ id: '1', sql: 'create table slow (id text); select pg_sleep(20)' }] }
    await expect(migrate(database, [slow], { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout')
    await expect(database.query('select * from slow')).rejects.toEqual(code('CORE_DATABASE_STATEMENT'))
  })

  it('puts tables into a schema of PostgreSQL, made when missing', async () => {
    await using server = await freshPostgresDatabase()
    await using database = postgresDatabase({ connection: { ...server.connection } })
    await migrate(database, [orders], { schema: 'shop', prefix: '' })
    await migrate(database, [orders], { schema: 'shop', prefix: '' })
    await migrate(database, [people], { schema: 'shop', prefix: 'second_' })
    const { rows } = await database.query('select id from shop.orders')
    expect(rows).toEqual([{ id: 'first;one' }])
    expect((await database.query('select * from shop.migrations')).count).toBe(2)
  })

  it.each([
    ['two sets of one name', [people, people], 'two of the set named "people"'],
    [
      'two migrations of one id',
      [{ name: 'p', migrations: [...people.migrations, ...people.migrations] }],
      'two of the migration of p named "001"',
    ],
    ['a set without a name', [{ ...people, name: '' }], 'no name'],
    [
      'a migration without a statement',
      [{ name: 'p', migrations: [{ id: '1', sql: ' -- later\n;' }] }],
      'p/1 holds no',
    ],
  ])('refuses %s', async (_, sets, reason) => {
    await using database = sqliteDatabase({ path: ':memory:' })
    await expect(migrate(database, sets)).rejects.toMatchObject({
      code: 'CORE_DATABASE_MIGRATION_INVALID',
      message: expect.stringContaining(reason),
    })
  })

  it.each([{ prefix: 'a"; drop' }, { prefix: '1a' }, { schema: 'a.b' }, { schema: '' }, { prefix: 'x'.repeat(41) }])(
    'refuses the names %j',
    async (naming) => {
      await using database = sqliteDatabase({ path: ':memory:' })
      await expect(migrate(database, [people], naming)).rejects.toEqual(code('CORE_DATABASE_NAME'))
    },
  )
})
