import assert from 'node:assert/strict'
import { sleep } from '../../clock/sleep.ts'
import { ExprsnError } from '../../errors/exprsn-error.ts'
import type { Job } from '../../jobs/job.ts'
import type { JobContext } from '../../jobs/job-handler.ts'
import type { ConformanceCase } from '../conformance.ts'
import { expectCode } from '../database-conformance/expect-code.ts'
import { eventually, gate, quick, untilState, type JobsSubject } from './jobs-subject.ts'

const refusal = new RangeError('the host refuses')

/** What a backend does, or refuses with `CORE_JOBS_UNSUPPORTED` as its `capabilities` say. */
export const jobCapabilityCases: readonly ConformanceCase<JobsSubject>[] = [
  {
    name: 'a job enqueued in a transaction exists when it commits, and only then',
    async run({ create, database }) {
      const seen: unknown[] = []
      await using jobs = create({ ...quick, handlers: { n: (job: Job) => void seen.push(job.payload) } })
      if (!jobs.capabilities.transactions) {
        const tx = { dialect: 'sqlite', query: async () => ({ rows: [], count: 0 }) } as const
        return void (await expectCode(jobs.enqueue('n', null, { tx }), 'CORE_JOBS_UNSUPPORTED'))
      }
      jobs.start()
      const undone = database!.transaction(async (tx) => {
        await jobs.enqueue('n', 'undone', { tx, key: 'k', orderingKey: 'o' })
        await jobs.enqueueMany([{ name: 'n', payload: 'undone' }], { tx })
        await sleep(60)
        throw refusal
      })
      await assert.rejects(undone, refusal)
      const id = await database!.transaction(async (tx) => {
        const enqueued = await jobs.enqueue('n', 'kept', { tx, key: 'k', orderingKey: 'o' })
        await sleep(60)
        assert.deepEqual(seen, [])
        return enqueued.id
      })
      await untilState(jobs, id, 'done')
      assert.deepEqual(seen, ['kept'])
    },
  },
  {
    name: 'an effect and its completion are one',
    async run({ create, database }) {
      let fail = true
      await using jobs = create({
        ...quick,
        handlers: {
          async n(job: Job<number>, { completeWith }: JobContext) {
            await completeWith(async (tx) => {
              await tx.query('insert into effects (id) values ($1)', [job.payload])
              if (fail) throw new Error('too late')
            })
          },
        },
      })
      await database?.query('create table effects (id bigint not null)')
      const { id } = await jobs.enqueue('n', 7, { attempts: 50, backoff: { initial: '20ms' } })
      if (!jobs.capabilities.completeWith) {
        await jobs.drain()
        assert.equal((await jobs.get(id))?.error?.code, 'CORE_JOBS_UNSUPPORTED')
        return
      }
      jobs.start()
      await eventually('it failed', async () => (await jobs.get(id))?.error !== undefined)
      fail = false
      await untilState(jobs, id, 'done')
      assert.equal((await database!.query('select id from effects')).count, 1)
    },
  },
  {
    name: 'jobs of one ordering key run one at a time in their order, those of others beside them',
    async run({ create }) {
      const seen: string[] = []
      const running = new Set<string>()
      let together = 0
      const handlers = {
        async n(job: Job<string>) {
          const key = job.orderingKey!
          assert.equal(running.has(key), false, `two of ${key} at once`)
          running.add(key)
          together = Math.max(together, running.size)
          await sleep(2)
          running.delete(key)
          if (job.attempt === 1 && job.payload === 'a2') throw new Error('once more')
          seen.push(job.payload)
        },
      }
      await using first = create({ ...quick, handlers })
      await using second = create({ ...quick, handlers })
      if (!first.capabilities.ordering) {
        await expectCode(first.enqueue('n', 'a', { orderingKey: 'a' }), 'CORE_JOBS_UNSUPPORTED')
        return
      }
      for (let index = 1; index <= 12; index++)
        for (const key of ['a', 'b', 'c'])
          await first.enqueue('n', `${key}${index}`, {
            orderingKey: key,
            priority: index,
            backoff: { initial: '5ms' },
            ...(index === 6 ? { delay: '20ms' } : {}),
          })
      first.start()
      second.start()
      await eventually('all are done', async () => (await first.stats()).done === 36)
      for (const key of ['a', 'b', 'c'])
        assert.deepEqual(
          seen.filter((payload) => payload.startsWith(key)),
          Array.from({ length: 12 }, (_, index) => `${key}${index + 1}`),
        )
      assert.ok(together > 1)
    },
  },
  {
    name: 'a dead or cancelled job lets the next of its ordering key go, and a revived one does not overtake',
    async run({ create }) {
      const seen: string[] = []
      let broken = true
      await using jobs = create({
        ...quick,
        handlers: {
          n(job: Job<string>) {
            if (broken && job.payload === 'one') throw new ExprsnError({ code: 'APP_NO', message: 'No.' })
            seen.push(job.payload)
          },
        },
      })
      if (!jobs.capabilities.ordering) return
      const options = { orderingKey: 'o' }
      const one = await jobs.enqueue('n', 'one', options)
      const two = await jobs.enqueue('n', 'two', options)
      await jobs.enqueue('n', 'three', options)
      assert.equal((await jobs.get(two.id))?.state, 'waiting')
      assert.equal(await jobs.cancel(two.id), 'cancelled')
      await jobs.drain()
      assert.deepEqual(seen, ['three'])
      broken = false
      await jobs.enqueue('n', 'four', options)
      assert.deepEqual(await jobs.retryDead({ id: one.id }), [one.id])
      assert.equal((await jobs.get(one.id))?.state, 'waiting')
      await jobs.drain()
      assert.deepEqual(seen, ['three', 'four', 'one'])
    },
  },
  {
    name: 'a running job can be cancelled from another process',
    async run({ create }) {
      const aborted = gate()
      await using jobs = create({
        ...quick,
        handlers: {
          async n(_: Job, { signal }: JobContext) {
            await new Promise((resolve) => signal.addEventListener('abort', resolve))
            aborted.open()
            throw signal.reason
          },
        },
      })
      await using other = create({ ...quick })
      const { id } = await jobs.enqueue('n', null)
      jobs.start()
      await untilState(jobs, id, 'running')
      if (!jobs.capabilities.cancelElsewhere) {
        await expectCode(other.cancel(id), 'CORE_JOBS_UNSUPPORTED')
        return void (await jobs.cancel(id))
      }
      assert.equal(await other.cancel(id), 'requested')
      await aborted.opened
      await untilState(jobs, id, 'cancelled')
    },
  },
  {
    name: 'a key can stay taken for a while after its job is done',
    async run({ create }) {
      await using jobs = create({ ...quick, handlers: { n: () => {} } })
      const options = { key: 'k', uniqueFor: '1h' } as const
      const brief = { key: 'brief', uniqueFor: '100ms' } as const
      if (!jobs.capabilities.uniqueFor)
        return void (await expectCode(jobs.enqueue('n', null, options), 'CORE_JOBS_UNSUPPORTED'))
      const { id } = await jobs.enqueue('n', null, options)
      await jobs.enqueue('n', null, brief)
      await jobs.drain()
      assert.deepEqual(await jobs.enqueue('n', null, options), { id, created: false })
      await eventually('the key is free', async () => (await jobs.enqueue('n', null, brief)).created)
    },
  },
]
