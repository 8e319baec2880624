import assert from 'node:assert/strict'
import { systemClock } from '../../clock/system-clock.ts'
import { sleep } from '../../clock/sleep.ts'
import { ExprsnError } from '../../errors/exprsn-error.ts'
import type { Job } from '../../jobs/job.ts'
import type { ConformanceCase } from '../conformance.ts'
import { eventually, gate, quick, untilState, type JobsSubject } from './jobs-subject.ts'

/** Running jobs: order, attempts, concurrency. */
export const jobRunningCases: readonly ConformanceCase<JobsSubject>[] = [
  {
    name: 'a job runs once, with its payload, and can be looked at',
    async run({ create }) {
      const seen: Job[] = []
      await using jobs = create({ ...quick, handlers: { send: (job: Job) => void seen.push(job) } })
      const { id, created } = await jobs.enqueue('send', { order: 'A-1', list: [1, null, 'ä\0'] })
      assert.equal(created, true)
      jobs.start()
      await untilState(jobs, id, 'done')
      assert.deepEqual(
        seen.map(({ payload, attempt, name }) => ({ payload, attempt, name })),
        [{ payload: { order: 'A-1', list: [1, null, 'ä\0'] }, attempt: 1, name: 'send' }],
      )
      assert.equal(seen[0]!.id, id)
      assert.ok(Math.abs(seen[0]!.createdAt.getTime() - systemClock.now()) < 60_000)
      assert.equal(await jobs.get('nothing'), undefined)
      assert.equal((await jobs.stats()).done, 1)
    },
  },
  {
    name: 'many jobs get their ids in order, and all run',
    async run({ create }) {
      const seen = new Set<unknown>()
      await using jobs = create({ ...quick, handlers: { n: (job: Job<number>) => void seen.add(job.payload) } })
      const count = 300
      const list = Array.from({ length: count }, (_, payload) => ({ name: 'n' as const, payload }))
      const ids = (await jobs.enqueueMany(list)).map(({ id }) => id)
      assert.equal(new Set(ids).size, count)
      assert.equal((await jobs.get(ids[7]!))?.payload, 7)
      assert.deepEqual(await jobs.enqueueMany([]), [])
      const report = await jobs.drain()
      assert.equal(report.done, count)
      assert.equal(report.empty, true)
      assert.equal(seen.size, count)
    },
  },
  {
    name: 'a delayed job does not run before it is due, and a moment in the past is due',
    async run({ create }) {
      const at: number[] = []
      await using jobs = create({ ...quick, handlers: { n: () => void at.push(systemClock.monotonic()) } })
      const started = systemClock.monotonic()
      const { id } = await jobs.enqueue('n', 1, { delay: '250ms' })
      assert.equal((await jobs.get(id))?.state, 'delayed')
      await jobs.enqueue('n', 2, { runAt: new Date(0) })
      jobs.start()
      await untilState(jobs, id, 'done')
      assert.equal(at.length, 2)
      assert.ok(at[1]! - started >= 245, `ran after ${at[1]! - started} ms`)
    },
  },
  {
    name: 'higher priorities run first, equal ones in the order they came',
    async run({ create }) {
      const seen: unknown[] = []
      await using jobs = create({
        ...quick,
        concurrency: 1,
        handlers: { n: (job: Job<string>) => void seen.push(job.payload) },
      })
      for (const [payload, priority] of [
        ['a', 0],
        ['b', 5],
        ['c', -3],
        ['d', 5],
        ['e', 0],
      ] as const)
        await jobs.enqueue('n', payload, { priority })
      await jobs.drain()
      assert.deepEqual(seen, ['b', 'd', 'a', 'e', 'c'])
    },
  },
  {
    name: 'a job that fails is tried again after its backoff',
    async run({ create }) {
      const attempts: [number, number][] = []
      await using jobs = create({
        ...quick,
        handlers: {
          n(job: Job) {
            attempts.push([job.attempt, systemClock.monotonic()])
            if (job.attempt < 3) throw new Error('not yet')
          },
        },
      })
      const backoff = { initial: '60ms', factor: 2, jitter: 'none' } as const
      const { id } = await jobs.enqueue('n', null, { attempts: 3, backoff })
      jobs.start()
      await untilState(jobs, id, 'done')
      assert.deepEqual(
        attempts.map(([attempt]) => attempt),
        [1, 2, 3],
      )
      assert.ok(attempts[1]![1] - attempts[0]![1] >= 55)
      assert.ok(attempts[2]![1] - attempts[1]![1] >= 115)
    },
  },
  {
    name: 'a job out of attempts is dead, with its error but without secrets, and can be queued again',
    async run({ create }) {
      let broken = true
      await using jobs = create({
        ...quick,
        handlers: {
          n() {
            if (broken) throw new Error('no answer from redis://app:hunter2@cache')
          },
        },
      })
      const { id } = await jobs.enqueue('n', null, { attempts: 2, backoff: { initial: 0 } })
      jobs.start()
      await untilState(jobs, id, 'dead')
      const record = await jobs.get(id)
      assert.equal(record?.error?.message, 'no answer from redis://app:[redacted]@cache')
      assert.equal(record.attempt, 2)
      broken = false
      assert.deepEqual(await jobs.retryDead({ name: 'other' }), [])
      assert.deepEqual(await jobs.retryDead(), [id])
      await untilState(jobs, id, 'done')
    },
  },
  {
    name: 'what does not get better is not tried again',
    async run({ create }) {
      let runs = 0
      await using jobs = create({
        ...quick,
        handlers: {
          n() {
            runs++
            throw new ExprsnError({ code: 'APP_CARD_INVALID', message: 'No.', retryable: false })
          },
        },
      })
      const { id } = await jobs.enqueue('n', null, { attempts: 5, backoff: { initial: 0 } })
      const { dead } = await jobs.drain()
      assert.deepEqual([dead, runs], [1, 1])
      assert.equal((await jobs.get(id))?.error?.code, 'APP_CARD_INVALID')
    },
  },
  {
    name: 'no more jobs run at once than allowed, and two processes share them',
    async run({ create }) {
      const runs = new Map<string, number>()
      let running = 0
      let most = 0
      const handlers = {
        async n(job: Job) {
          runs.set(job.id, (runs.get(job.id) ?? 0) + 1)
          most = Math.max(most, ++running)
          await sleep(2)
          running--
        },
      }
      await using first = create({ ...quick, concurrency: 3, handlers })
      await using second = create({ ...quick, concurrency: 2, handlers })
      await first.enqueueMany(Array.from({ length: 60 }, () => ({ name: 'n' as const, payload: null })))
      first.start()
      second.start()
      await eventually('60 jobs are done', async () => (await first.stats()).done === 60)
      assert.deepEqual([runs.size, Math.max(...runs.values())], [60, 1])
      assert.ok(most > 1 && most <= 5, `${most} ran at once`)
    },
  },
  {
    name: 'jobs without a handler here stay, are reported, and run where there is one',
    async run({ create }) {
      const foreign: string[] = []
      let runs = 0
      await using without = create({
        ...quick,
        handlers: { other: () => {} },
        onEvent: ({ type, name }) => void (type === 'foreign' && foreign.push(name)),
      })
      const { id } = await without.enqueue('n', null)
      without.start()
      await eventually('the name is reported', () => foreign.length > 0)
      assert.deepEqual(foreign, ['n'])
      assert.equal((await without.get(id))?.attempt, 0)
      await without.stop()
      await using jobs = create({ ...quick, handlers: { n: () => void runs++ } })
      jobs.start()
      await untilState(jobs, id, 'done')
      assert.equal(runs, 1)
    },
  },
  {
    name: 'a drain runs also what its jobs enqueue, and gives back what the deadline interrupts',
    async run({ create }) {
      const never = gate()
      await using jobs = create({
        ...quick,
        handlers: {
          first: async () => void (await jobs.enqueue('second', null)),
          second: () => {},
          endless: (_: Job, { signal }) =>
            Promise.race([never.opened, new Promise((_resolve, reject) => signal.addEventListener('abort', reject))]),
        },
      })
      await jobs.enqueue('first', null)
      assert.equal((await jobs.drain()).done, 2)
      const { id } = await jobs.enqueue('endless', null)
      const report = await jobs.drain({ deadline: '80ms' })
      assert.deepEqual([report.released, report.empty], [1, false])
      assert.equal((await jobs.get(id))?.state, 'queued')
      await jobs.cancel(id)
    },
  },
]
