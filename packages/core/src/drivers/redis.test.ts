import { findOracle, missingReason } from '@exprsn/real-servers/oracles'
import { startRedis, type RedisServer } from '@exprsn/real-servers/redis'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createId } from '../id/uuid.ts'
import { circuitStoreCases } from '../../test/resilience/circuit-store-cases.ts'
import type { RateDecision } from '../resilience/gcra.ts'
import { memoryRateLimiter } from '../resilience/memory-rate-limiter.ts'
import { policy } from '../resilience/policy.ts'
import { anyRule, anySteps } from '../../test/resilience/limiter-steps.ts'
import { sharedCircuitBreaker } from '../resilience/shared-circuit-breaker.ts'
import { databaseRateLimiter } from '../resilience-database/database-rate-limiter.ts'
import { preparedPostgres, preparedSqlite, type PreparedDatabase } from '../../test/resilience/prepared-databases.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { redisCircuitStore, redisRateLimiter } from './redis.ts'

const program = findOracle('redis')
const title = program === undefined ? `redis: not run, ${missingReason('redis')}` : 'redis'

describe.skipIf(program === undefined)(title, () => {
  let server: RedisServer
  let client: Redis
  let databases: PreparedDatabase[]

  beforeAll(async () => {
    server = await startRedis({ program: program! })
    client = new Redis({ ...server.connection })
    databases = await Promise.all([preparedSqlite(), preparedPostgres()])
  })
  afterAll(async () => {
    client.disconnect()
    await server.stop()
    for (const { close } of databases) await close()
  })

  it('decides as memory, SQLite and PostgreSQL do, at any rule and any sequence', async () => {
    await fc.assert(
      fc.asyncProperty(anyRule, anySteps, async (rule, steps) => {
        const clock = new SimulatedClock()
        const options = { ...rule, clock, name: createId(), storeTimeout: '1m' } as const
        const memory = memoryRateLimiter({ ...rule, clock })
        const stores = [
          redisRateLimiter({ ...options, client }),
          ...databases.map(({ database }) => databaseRateLimiter({ ...options, database })),
        ]
        for (const step of steps) {
          if ('wait' in step) await clock.advanceBy(step.wait)
          else {
            const expected: RateDecision = memory.take(step.key, step.cost)
            for (const store of stores) expect(await store.take(step.key, step.cost)).toEqual(expected)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('limits on the server’s clock, and leaves keys only as long as they matter', async () => {
    await using limiter = redisRateLimiter({ connection: { ...server.connection }, limit: 2, per: '10s', name: 'live' })
    expect(await limiter.take('a')).toMatchObject({ allowed: true, remaining: 1 })
    expect(await limiter.take('a')).toMatchObject({ allowed: true, remaining: 0 })
    const refused = await limiter.take('a')
    expect(refused.allowed).toBe(false)
    expect(refused.retryAfterMs).toBeGreaterThan(4_000)
    const left = await client.pttl('exprsn:rate:live:a')
    expect(left).toBeGreaterThan(8_000)
    expect(left).toBeLessThanOrEqual(10_000)
  })

  it('lets exactly the burst through when a hundred take at once over two connections', async () => {
    const options = { connection: { ...server.connection }, limit: 13, per: '1h', name: 'at once' } as const
    await using one = redisRateLimiter(options)
    await using two = redisRateLimiter(options)
    const taken = await Promise.all(Array.from({ length: 100 }, (_, index) => [one, two][index % 2]!.take('key')))
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(13)
  })

  it('goes on when the server has forgotten its scripts', async () => {
    const limiter = redisRateLimiter({ client, limit: 3, per: '1h', name: 'flush' })
    await limiter.take('a')
    await client.script('FLUSH')
    expect(await limiter.take('a')).toMatchObject({ allowed: true, remaining: 1 })
  })

  it('recovers at once when the clock was set back', async () => {
    const clock = new SimulatedClock()
    const limiter = redisRateLimiter({ client, limit: 2, per: '1s', name: 'set back', clock })
    await limiter.take('k', 2)
    clock.set(clock.now() - 3_600_000)
    expect(await limiter.take('k')).toMatchObject({ allowed: false, remaining: 0, retryAfterMs: 500 })
    await clock.advanceBy(500)
    expect((await limiter.take('k')).allowed).toBe(true)
  })

  it('says that another program uses its key', async () => {
    await client.lpush('exprsn:rate:default:list', 'x')
    const limiter = redisRateLimiter({ client, limit: 1, per: '1h' })
    await expect(limiter.take('list')).rejects.toMatchObject({ code: 'CORE_REDIS_COMMAND' })
  })

  it.each(circuitStoreCases)('$name', async ({ run }) => {
    const clock = new SimulatedClock()
    const store = redisCircuitStore({ client, clock, prefix: createId() })
    await expect(run(store, clock)).resolves.toBeUndefined()
  })

  it('opens a circuit for three breakers by two of them, over the real server', async () => {
    await using store = redisCircuitStore({ connection: { ...server.connection } })
    const breakers = [1, 2, 3].map(() =>
      sharedCircuitBreaker({ name: 'mail', store, minimumCalls: 2, syncEvery: 50, ttl: '5s' }),
    )
    const [first, second, third] = breakers.map((breaker) => policy(breaker))
    const down = (): Promise<never> => Promise.reject(new Error('down'))
    for (let call = 0; call < 2; call++) for (const one of [first, second]) await one!(down).catch(() => {})
    await expect
      .poll(() => third!(async () => 'fine').catch((error: { code: string }) => error.code), { interval: 10 })
      .toBe('CORE_CIRCUIT_OPEN')
    expect(breakers[2]!.state).toBe('open')
    for (const breaker of breakers) await breaker[Symbol.asyncDispose]()
    expect(await store.vote({ circuit: 'mail', instance: 'x', open: false, ttl: 1_000 })).toEqual({ live: 1, open: 0 })
    expect(await client.pttl('exprsn:circuit:{mail}:live')).toBeLessThanOrEqual(1_000)
  })

  it('counts in the process while Redis is stopped, and in Redis again afterwards', async () => {
    await using own = await startRedis({ program: program! })
    await using limiter = redisRateLimiter({
      connection: { ...own.connection },
      limit: 1,
      per: '1h',
      storeTimeout: 200,
    })
    expect((await limiter.take('a')).allowed).toBe(true)
    own.kill('SIGSTOP')
    expect((await limiter.take('b')).allowed).toBe(true)
    expect((await limiter.take('b')).allowed).toBe(false)
    own.kill('SIGCONT')
    await expect.poll(async () => (await limiter.take('a')).allowed, { interval: 20 }).toBe(false)
    own.kill('SIGKILL')
    await own.exited
    expect((await limiter.take('c')).allowed).toBe(true)
    expect((await limiter.take('c')).allowed).toBe(false)
  })
})

describe('redisRateLimiter without a server', () => {
  it('refuses or lets pass, as it was told', async () => {
    const connection = { host: '127.0.0.1', port: 1 }
    await using refusing = redisRateLimiter({ connection, limit: 1, per: '1h', whenDown: 'refuse' })
    await expect(refusing.take('a')).rejects.toMatchObject({ code: 'CORE_RATE_LIMIT_UNAVAILABLE' })
    await using allowing = redisRateLimiter({ connection, limit: 1, per: '1h', whenDown: 'allow' })
    for (let call = 0; call < 3; call++) expect((await allowing.take('a')).allowed).toBe(true)
  })

  it('refuses options that say nothing or too much', () => {
    const invalid = expect.objectContaining({ code: 'CORE_REDIS_OPTIONS' })
    expect(() => redisRateLimiter({ limit: 1, per: '1s' })).toThrow(invalid)
    expect(() => redisCircuitStore({ url: 'redis://a', connection: {} })).toThrow(invalid)
  })
})
