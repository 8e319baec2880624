import assert from 'node:assert/strict'
import { sleep } from '../../clock/sleep.ts'
import type { Job } from '../../jobs/job.ts'
import type { JobContext } from '../../jobs/job-handler.ts'
import type { ConformanceCase } from '../conformance.ts'
import { expectCode } from '../database-conformance/expect-code.ts'
import { eventually, gate, quick, stoppedClock, untilState, type JobsSubject } from './jobs-subject.ts'

/** Waits for its signal, as a handler that heeds it does. */
async function untilAborted({ signal }: JobContext): Promise<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
  throw signal.reason
}

/** Keys, cancelling, leases and bad input. */
export const jobHoldingCases: readonly ConformanceCase<JobsSubject>[] = [
  {
    name: 'a key is taken while its job is queued or runs, and free afterwards',
    async run({ create }) {
      const hold = gate()
      await using jobs = create({ ...quick, handlers: { n: () => hold.opened, other: () => {} } })
      const first = await jobs.enqueue('n', 1, { key: 'order-1' })
      const again = { id: first.id, created: false }
      assert.deepEqual(await jobs.enqueue('n', 2, { key: 'order-1' }), again)
      assert.equal((await jobs.enqueue('other', 1, { key: 'order-1' })).created, true)
      jobs.start()
      await untilState(jobs, first.id, 'running')
      assert.deepEqual(await jobs.enqueue('n', 2, { key: 'order-1' }), again)
      hold.open()
      await untilState(jobs, first.id, 'done')
      assert.equal((await jobs.enqueue('n', 3, { key: 'order-1' })).created, true)
    },
  },
  {
    name: 'a queued job that is cancelled never runs',
    async run({ create }) {
      let runs = 0
      await using jobs = create({ ...quick, handlers: { n: () => void runs++ } })
      const { id } = await jobs.enqueue('n', null)
      assert.equal(await jobs.cancel(id), 'cancelled')
      assert.notEqual(await jobs.cancel(id), 'cancelled')
      assert.equal(await jobs.cancel('nothing'), 'missing')
      await jobs.drain()
      assert.equal(runs, 0)
    },
  },
  {
    name: 'a running job that is cancelled learns of it and is not tried again',
    async run({ create }) {
      let runs = 0
      await using jobs = create({
        ...quick,
        handlers: {
          n(_: Job, context: JobContext) {
            runs++
            return untilAborted(context)
          },
        },
      })
      const { id } = await jobs.enqueue('n', null)
      jobs.start()
      await eventually('it runs', () => runs === 1)
      assert.equal(await jobs.cancel(id), 'requested')
      await untilState(jobs, id, 'cancelled')
      assert.equal(runs, 1)
    },
  },
  {
    name: 'a handler is aborted at its timeout and the job tried again',
    async run({ create }) {
      const codes: unknown[] = []
      await using jobs = create({
        ...quick,
        handlers: {
          n: {
            timeout: '50ms',
            backoff: { initial: 0 },
            async run(job: Job, context: JobContext) {
              if (job.attempt > 1) return
              await untilAborted(context).catch((error: unknown) => {
                codes.push((error as { code: unknown }).code)
                throw error
              })
            },
          },
        },
      })
      const { id } = await jobs.enqueue('n', null)
      jobs.start()
      await untilState(jobs, id, 'done')
      assert.deepEqual(codes, ['CORE_JOBS_TIMEOUT'])
    },
  },
  {
    name: 'a job whose worker stands still is taken over, and the first worker cannot complete it',
    async run({ create }) {
      const hold = gate()
      const tokens: number[] = []
      const events: string[] = []
      await using stopped = create({
        ...quick,
        // Else it could take its own job again: only its timers stand still, not what it does after them.
        concurrency: 1,
        clock: stoppedClock,
        handlers: {
          async n(job: Job) {
            tokens.push(job.token)
            await hold.opened
          },
        },
        onEvent: ({ type }) => void events.push(type),
      })
      await using other = create({ ...quick, handlers: { n: (job: Job) => void tokens.push(job.token) } })
      // However it ends, the first worker must be able to end: else its closing would hide what went wrong.
      try {
        const { id } = await stopped.enqueue('n', null)
        stopped.start()
        await eventually('the first has it', () => tokens.length === 1)
        other.start()
        await untilState(other, id, 'done')
        assert.ok(tokens[1]! > tokens[0]!, `tokens ${String(tokens)}`)
        hold.open()
        await eventually('the first learns that it lost', () => events.includes('lost'))
        assert.equal(events.includes('done'), false)
        assert.equal((await other.get(id))?.state, 'done')
      } finally {
        hold.open()
      }
    },
  },
  {
    name: 'a job whose workers all vanish is dead after its attempts',
    async run({ create }) {
      const hold = gate()
      await using stopped = create({
        ...quick,
        concurrency: 1,
        clock: stoppedClock,
        handlers: { n: () => hold.opened },
      })
      await using other = create({ ...quick, handlers: { n: () => {} } })
      const { id } = await stopped.enqueue('n', null, { attempts: 1 })
      stopped.start()
      await untilState(stopped, id, 'running')
      other.start()
      await untilState(other, id, 'dead')
      assert.equal((await other.get(id))?.error?.code, 'CORE_JOBS_WORKER_LOST')
      hold.open()
    },
  },
  {
    name: 'a long job keeps its lease',
    async run({ create }) {
      let runs = 0
      const handlers = {
        async n() {
          runs++
          await sleep(1_500)
        },
      }
      await using first = create({ ...quick, handlers })
      await using second = create({ ...quick, handlers })
      const { id } = await first.enqueue('n', null)
      first.start()
      second.start()
      await untilState(first, id, 'done')
      assert.equal(runs, 1)
    },
  },
  {
    name: 'closing waits for what runs, and at the deadline gives it to another process',
    async run({ create }) {
      const seen: string[] = []
      const slow = create({
        ...quick,
        handlers: {
          async slow() {
            seen.push('slow began')
            await sleep(60)
            seen.push('slow ended')
          },
          stuck: async (_: Job, context: JobContext) => {
            seen.push('stuck began')
            await untilAborted(context)
          },
        },
      })
      await slow.enqueue('slow', null)
      slow.start()
      await eventually('it runs', () => seen.length === 1)
      await slow.stop()
      assert.deepEqual(seen, ['slow began', 'slow ended'])
      const { id } = await slow.enqueue('stuck', null)
      slow.start()
      await eventually('it runs', () => seen.includes('stuck began'))
      await slow.close({ deadline: '30ms' })
      await expectCode(slow.enqueue('stuck', null), 'CORE_JOBS_CLOSED')
      await using next = create({ ...quick, handlers: { stuck: (job: Job) => void seen.push(`again ${job.attempt}`) } })
      next.start()
      await untilState(next, id, 'done')
      assert.equal(seen.at(-1), 'again 1')
    },
  },
  {
    name: 'progress can be looked at while a job runs',
    async run({ create }) {
      const hold = gate()
      await using jobs = create({
        ...quick,
        handlers: {
          async n(_: Job, { progress }: JobContext) {
            progress(3, 10)
            await hold.opened
          },
        },
      })
      const { id } = await jobs.enqueue('n', null)
      jobs.start()
      await eventually('the progress is stored', async () => (await jobs.get(id))?.progress?.done === 3)
      assert.deepEqual((await jobs.get(id))?.progress, { done: 3, total: 10 })
      hold.open()
    },
  },
  {
    name: 'bad jobs are refused and nothing is stored',
    async run({ create }) {
      await using jobs = create({ ...quick, maximumPayload: 1_000 })
      const cycle: Record<string, unknown> = {}
      cycle['self'] = cycle
      for (const payload of [() => 1, Symbol('x'), 1n, Number.NaN, [undefined], { at: new Date(0) }, new Map(), cycle])
        await expectCode(jobs.enqueue('n', payload), 'CORE_JOBS_PAYLOAD_INVALID')
      await expectCode(jobs.enqueue('n', 'x'.repeat(999)), 'CORE_JOBS_PAYLOAD_TOO_LARGE')
      await expectCode(jobs.enqueue('', null), 'CORE_JOBS_OPTION_INVALID')
      await expectCode(jobs.enqueue('n', null, { delay: -1 }), 'CORE_DURATION_INVALID')
      for (const options of [
        { key: 'a\0b' },
        { key: '\ud800' },
        { key: 'x'.repeat(256) },
        { priority: 1.5 },
        { attempts: 0 },
        { runAt: new Date(Number.NaN) },
        { delay: 1, runAt: new Date(0) },
        { backoff: { factor: Number.NaN } },
        { uniqueFor: 10 },
      ])
        await expectCode(jobs.enqueue('n', null, options), 'CORE_JOBS_OPTION_INVALID')
      await expectCode(
        jobs.enqueueMany([
          { name: 'n', payload: 1 },
          { name: 'n', payload: 1n },
        ]),
        'CORE_JOBS_PAYLOAD_INVALID',
      )
      const { oldestQueued, ...counts } = await jobs.stats()
      assert.equal(oldestQueued, 0)
      assert.deepEqual(new Set(Object.values(counts)), new Set([0]))
    },
  },
]
