import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import { policy } from '../resilience/policy.ts'
import { rateLimit } from '../resilience/rate-limit.ts'
import { circuitStoreCases } from '../../test/resilience/circuit-store-cases.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { sqliteDatabase } from '../database/sqlite-database.ts'
import { databaseCircuitStore } from './database-circuit-store.ts'
import { databaseRateLimiter } from './database-rate-limiter.ts'
import { resilienceMigrations } from './migrations.ts'
import { preparedPostgres, preparedSqlite, type PreparedDatabase } from '../../test/resilience/prepared-databases.ts'

describe.each([
  ['SQLite', preparedSqlite],
  ['PostgreSQL', preparedPostgres],
])('on %s', (_, prepare) => {
  let prepared: PreparedDatabase
  let database: Database
  beforeAll(async () => {
    prepared = await prepare()
    ;({ database } = prepared)
  })
  afterAll(() => prepared.close())

  const rows = async (): Promise<number> => {
    const { rows: counted } = await database.query<{ n: number }>('select count(*) as n from exprsn_rate_limits')
    return counted[0]!.n
  }

  it('limits on the clock of the database, keys and names apart', async () => {
    const limiter = databaseRateLimiter({ database, limit: 2, per: '1h', name: 'api' })
    const other = databaseRateLimiter({ database, limit: 2, per: '1h', name: 'other' })
    expect(await limiter.take('a')).toMatchObject({ allowed: true, remaining: 1, retryAfterMs: 0 })
    expect(await limiter.take('a')).toMatchObject({ allowed: true, remaining: 0 })
    const refused = await limiter.take('a')
    expect(refused.allowed).toBe(false)
    expect(refused.retryAfterMs).toBeGreaterThan(1_700_000)
    expect(refused.retryAfterMs).toBeLessThanOrEqual(1_800_000)
    expect((await limiter.take('b')).allowed).toBe(true)
    expect((await other.take('a')).allowed).toBe(true)
  })

  it('lets exactly the burst through when fifty take at once', async () => {
    const limiters = [1, 2].map(() => databaseRateLimiter({ database, limit: 7, per: '1h', name: 'at once' }))
    const taken = await Promise.all(Array.from({ length: 50 }, (__, index) => limiters[index % 2]!.take('key')))
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(7)
  })

  it('writes nothing for a cost above the burst', async () => {
    const limiter = databaseRateLimiter({ database, limit: 5, per: '1h', name: 'costly' })
    const before = await rows()
    expect(await limiter.take('k', 6)).toMatchObject({ allowed: false, remaining: 5, retryAfterMs: Infinity })
    expect(await rows()).toBe(before)
    await limiter.take('k', 2)
    expect(await limiter.take('k', 6)).toMatchObject({ allowed: false, remaining: 3 })
  })

  it('recovers at once when the clock was set back', async () => {
    const clock = new SimulatedClock()
    const limiter = databaseRateLimiter({ database, limit: 2, per: '1s', name: 'set back', clock })
    await limiter.take('k', 2)
    clock.set(clock.now() - 3_600_000)
    expect(await limiter.take('k')).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 500 })
    await clock.advanceBy(500)
    expect((await limiter.take('k')).allowed).toBe(true)
  })

  it('sweeps what has recovered, and nothing else, a bounded number at a time', async () => {
    await database.query('delete from exprsn_rate_limits')
    const clock = new SimulatedClock()
    const limiter = databaseRateLimiter({ database, limit: 1, per: '1m', clock })
    for (let key = 0; key < 10; key++) await limiter.take(`old ${key}`)
    await clock.advanceBy('30s')
    await limiter.take('young')
    await clock.advanceBy('31s')
    expect(await limiter.sweep({ limit: 4 })).toBe(4)
    expect(await limiter.sweep()).toBe(6)
    expect(await limiter.sweep()).toBe(0)
    expect((await limiter.take('young')).allowed).toBe(false)
  })

  it('is a limiter for the policy layer', async () => {
    const limiter = databaseRateLimiter({ database, limit: 1, per: '1h', name: 'layer' })
    const limited = policy(rateLimit({ limiter, name: 'calls' }))
    expect(await limited(async () => 'first')).toBe('first')
    await expect(limited(async () => 'second')).rejects.toMatchObject({ code: 'CORE_RATE_LIMITED' })
  })

  it('says that its table is missing instead of counting without it', async () => {
    const limiter = databaseRateLimiter({ database, limit: 1, per: '1h', prefix: 'nowhere_' })
    await expect(limiter.take('a')).rejects.toMatchObject({ code: 'CORE_DATABASE_STATEMENT' })
  })

  it.each(circuitStoreCases)('$name', async ({ run }) => {
    const clock = new SimulatedClock()
    await database.query('delete from exprsn_circuit_votes')
    await expect(run(databaseCircuitStore({ database, clock }), clock)).resolves.toBeUndefined()
  })

  it('counts votes on the clock of the database', async () => {
    const store = databaseCircuitStore({ database })
    const vote = { circuit: 'real', open: true, ttl: 60_000 }
    await store.vote({ ...vote, instance: 'a' })
    expect(await store.vote({ ...vote, instance: 'b' })).toEqual({ live: 2, open: 2 })
  })
})

describe('databaseRateLimiter', () => {
  it('keeps its tables under the host’s prefix', async () => {
    await using database = sqliteDatabase({ path: ':memory:' })
    await migrate(database, [resilienceMigrations], { prefix: 'app_' })
    const limiter = databaseRateLimiter({ database, prefix: 'app_', limit: 1, per: '1h' })
    expect((await limiter.take('a')).allowed).toBe(true)
  })

  it('goes on by itself when the server cannot be reached', async () => {
    const { postgresDatabase } = await import('../drivers/postgres.ts')
    await using database = postgresDatabase({ connection: { host: '127.0.0.1', port: 1 } })
    const told: unknown[] = []
    const limiter = databaseRateLimiter({ database, limit: 1, per: '1h', onOutage: (error) => told.push(error) })
    expect((await limiter.take('a')).allowed).toBe(true)
    expect((await limiter.take('a')).allowed).toBe(false)
    expect(told).toMatchObject([{ code: 'CORE_DATABASE_UNREACHABLE' }, { code: 'CORE_DATABASE_UNREACHABLE' }])
  })

  it('refuses a bad rule and a bad cost', async () => {
    await using database = sqliteDatabase({ path: ':memory:' })
    const invalid = expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' })
    expect(() => databaseRateLimiter({ database, limit: 0, per: '1s' })).toThrow(invalid)
    await expect(databaseRateLimiter({ database, limit: 1, per: '1s' }).take('a', 0)).rejects.toEqual(invalid)
  })
})
