import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { migrate } from '../database/migrate.ts'
import { sqliteDatabase } from '../database/sqlite-database.ts'
import { settle } from '../testing/clock/settle.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { createInbox } from './inbox.ts'
import { createJobs, type CreateJobsOptions } from './create-jobs.ts'
import type { Job } from './job.ts'
import { jobMigrations } from './sql/migrations.ts'

async function open<Payloads>(options: Omit<CreateJobsOptions<Payloads>, 'database'>) {
  const database = sqliteDatabase({ path: ':memory:' })
  await migrate(database, [jobMigrations])
  return { database, jobs: createJobs({ database, ...options }) }
}

describe('createJobs', () => {
  it('takes the payload types from handlers and schemas', async () => {
    const { jobs } = await open({
      handlers: {
        typed: (_job: Job<{ orderId: string }>) => {},
        checked: {
          schema: z.object({ n: z.number() }),
          run: (job) => void expectTypeOf(job.payload).toEqualTypeOf<{ n: number }>(),
        },
      },
    })
    await jobs.enqueue('typed', { orderId: 'A' })
    // @ts-expect-error -- another type
    await jobs.enqueue('typed', { orderId: 1 })
    await jobs.enqueue('elsewhere', ['any'])
    // @ts-expect-error -- another type, and refused
    await expect(jobs.enqueue('checked', { n: 'x' })).rejects.toMatchObject({
      code: 'CORE_JOBS_PAYLOAD_INVALID',
      details: { path: '$.n' },
    })
    await jobs.close()
  })

  it('refuses settings that cannot work', async () => {
    const database = sqliteDatabase({ path: ':memory:' })
    for (const options of [
      { concurrency: 0 },
      { prefetch: -1 },
      { lease: 5 },
      { maximumPayload: 0 },
      { handlers: { n: {} } },
    ])
      expect(() => createJobs({ database, ...(options as object) })).toThrow(
        expect.objectContaining({ code: 'CORE_JOBS_OPTION_INVALID' }),
      )
  })

  it('deletes what is done after its time, and keeps the dead longer', async () => {
    const clock = new SimulatedClock()
    const { jobs } = await open({
      clock,
      lease: '30m',
      poll: { minimum: '1m', maximum: '30m' },
      handlers: {
        ok: () => {},
        bad: () => {
          throw new TypeError('no')
        },
      },
    })
    const [ok, bad] = [await jobs.enqueue('ok', 1), await jobs.enqueue('bad', 1)]
    jobs.start()
    await clock.advanceBy('1h')
    expect([(await jobs.get(ok.id))?.state, (await jobs.get(bad.id))?.state]).toEqual(['done', 'dead'])
    await clock.advanceBy('25h')
    expect([await jobs.get(ok.id), (await jobs.get(bad.id))?.state]).toEqual([undefined, 'dead'])
    await settle(clock, jobs.close())
  })

  it('takes over a lost job although the clock was set back', async () => {
    const clock = new SimulatedClock()
    const { database, jobs } = await open({ clock, handlers: { n: () => {} } })
    const { id } = await jobs.enqueue('n', 1)
    await database.query(
      "update exprsn_jobs set state = 'running', token = 1, attempt = 1, lease_ms = 30000, lease_until = $1",
      [clock.now() + 30_000],
    )
    clock.set(clock.now() - 86_400_000)
    jobs.start()
    await clock.advanceBy('70s')
    expect((await jobs.get(id))?.state).toBe('done')
    await settle(clock, jobs.close())
  })

  it('runs any mix of jobs: all once, each ordering key in order, higher priorities first', async () => {
    const job = fc.record({
      orderingKey: fc.constantFrom(undefined, 'a', 'b'),
      priority: fc.integer({ min: -2, max: 2 }),
      key: fc.constantFrom(undefined, 'x', 'y'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(job, { maxLength: 12 }), async (list) => {
        const seen: Job<number>[] = []
        const { database, jobs } = await open({
          concurrency: 1,
          prefetch: 0,
          handlers: { n: (each: Job<number>) => void seen.push(each) },
        })
        const results = await jobs.enqueueMany(
          list.map((options, payload) => ({ name: 'n' as const, payload, ...options })),
        )
        await jobs.drain()
        const expected = results.flatMap(({ created }, index) => (created ? [index] : []))
        expect(seen.map(({ payload }) => payload).sort((a, b) => a - b)).toEqual(expected)
        for (const key of ['a', 'b']) {
          const ordered = seen.filter(({ orderingKey }) => orderingKey === key).map(({ id }) => Number(id))
          expect(ordered).toEqual(ordered.toSorted((a, b) => a - b))
        }
        const free = seen.filter(({ orderingKey }) => orderingKey === undefined).map(({ priority }) => priority)
        expect(free).toEqual(free.toSorted((a, b) => b - a))
        await database.close()
      }),
      { numRuns: 200 },
    )
  }, 60_000)
})

describe('createInbox', () => {
  it('does the work once per message and scope, and again when its transaction was rolled back', async () => {
    const { database } = await open({})
    const [inbox, other] = [createInbox(), createInbox({ scope: 'other' })]
    let runs = 0
    const receive = (box = inbox, fail = false) =>
      database.transaction((tx) =>
        box.once('msg', tx, async () => {
          runs++
          if (fail) throw new RangeError('no')
          return 'handled'
        }),
      )
    await expect(receive(inbox, true)).rejects.toThrow(RangeError)
    expect(await receive()).toEqual({ fresh: true, result: 'handled' })
    expect(await receive()).toEqual({ fresh: false })
    expect(await receive(other)).toEqual({ fresh: true, result: 'handled' })
    expect(runs).toBe(3)
    await expect(database.transaction((tx) => inbox.once('', tx, async () => {}))).rejects.toMatchObject({
      code: 'CORE_JOBS_OPTION_INVALID',
    })
  })
})
