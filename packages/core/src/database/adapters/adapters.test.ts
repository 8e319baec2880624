import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { PrismaPg } from '@prisma/adapter-pg'
import { drizzle as drizzleOverPg } from 'drizzle-orm/node-postgres'
import { drizzle as drizzleOverPostgresJs } from 'drizzle-orm/postgres-js'
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hostTransactionCases, type HostLibrary } from '../../../test/fixtures/host-transaction-cases.ts'
import { PrismaClient } from '../../../test/fixtures/prisma-client.ts'
import { postgresDatabase } from '../../drivers/postgres.ts'
import type { Database, Transaction } from '../database.ts'
import { fromDrizzle } from './from-drizzle.ts'
import { fromKysely } from './from-kysely.ts'
import { fromPg } from './from-pg.ts'
import { fromPostgresJs } from './from-postgres-js.ts'
import { fromPrisma } from './from-prisma.ts'

let server: Awaited<ReturnType<typeof freshPostgresDatabase>>
let pool: pg.Pool
let sql: postgres.Sql
let drizzleSql: postgres.Sql
let kysely: Kysely<object>
let prisma: PrismaClient
let outside: Database

beforeAll(async () => {
  server = await freshPostgresDatabase()
  pool = new pg.Pool({ ...server.connection, max: 4 })
  pool.on('error', () => {})
  // A host's own parsers and transforms must not reach what the adapters give.
  const settings = { ...(server.connection as object), max: 2, onnotice: () => {} }
  sql = postgres({ ...settings, transform: { value: { from: (value: unknown) => value ?? undefined } } })
  drizzleSql = postgres(settings)
  kysely = new Kysely<object>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] })
  prisma = new PrismaClient({ adapter: new PrismaPg({ ...server.connection, max: 2 }) })
  outside = postgresDatabase({ pool })
})

afterAll(async () => {
  await prisma.$disconnect()
  await sql.end()
  await drizzleSql.end()
  await pool.end()
  await server.drop()
})

/** As empty as a new database, and ten times as quick. */
beforeEach(async () => {
  await pool.query('drop schema public cascade')
  await pool.query('create schema public')
})

type Begin = HostLibrary['transaction']

const withPg: Begin = async (work) => {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(fromPg(client))
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

const libraries: readonly (readonly [string, Begin])[] = [
  ['fromPg', withPg],
  [
    'fromPostgresJs',
    async (work) => (await sql.begin(async (tx) => ({ is: await work(fromPostgresJs(tx)) }))).is as never,
  ],
  ['fromKysely', (work) => kysely.transaction().execute((trx) => work(fromKysely(trx)))],
  ['fromDrizzle over pg', (work) => drizzleOverPg(pool).transaction((tx) => work(fromDrizzle(tx)))],
  [
    'fromDrizzle over postgres.js',
    (work) => drizzleOverPostgresJs(drizzleSql).transaction((tx) => work(fromDrizzle(tx))),
  ],
  ['fromPrisma', (work) => prisma.$transaction((tx) => work(fromPrisma(tx)))],
]

describe.each(libraries)('%s', (name, transaction) => {
  it.each(hostTransactionCases)('$name', async ({ run }) => {
    await expect(run({ transaction, outside })).resolves.toBeUndefined()
  })

  it('lets nothing through after the end', async () => {
    await outside.query('create table notes (id bigint)')
    const kept: Transaction[] = []
    await transaction(async (tx) => {
      kept.push(tx)
      await tx.query('insert into notes values (1)')
    })
    // postgres.js has no mark for an ended transaction; its documentation of `fromPostgresJs` says so.
    if (name.includes('ostgresJs') || name.includes('postgres.js')) return
    await expect(kept[0]!.query('insert into notes values (2)')).rejects.toMatchObject({
      code: 'CORE_DATABASE_TRANSACTION_ENDED',
    })
    expect((await outside.query('select id from notes')).rows).toEqual([{ id: 1 }])
  })
})

describe('what is no open transaction', () => {
  it.each([
    ['a pool', () => fromPg(pool as never)],
    ['the sql outside of begin', () => fromPostgresJs(sql as never)],
    ['Kysely itself', () => fromKysely(kysely as never)],
    ['Drizzle itself', () => fromDrizzle(drizzleOverPg(pool) as never)],
    ['the Prisma client', () => fromPrisma(prisma)],
  ])('%s is refused', (_, adapt) => {
    expect(adapt).toThrow(expect.objectContaining({ code: 'CORE_DATABASE_OPTIONS' }))
  })
})

describe('fromKysely with a controlled transaction', () => {
  it('knows its end', async () => {
    const trx = await kysely.startTransaction().execute()
    const tx = fromKysely(trx)
    await tx.query('create table kept (id bigint)')
    await trx.commit().execute()
    await expect(tx.query('select 1 as one')).rejects.toMatchObject({ code: 'CORE_DATABASE_TRANSACTION_ENDED' })
    expect((await outside.query('select id from kept')).count).toBe(0)
  })
})
