import type { Clock } from '../../clock/clock.ts'
import { createIdGenerator } from '../../id/uuid.ts'
import type { EnqueuedJob, JobBackend, JobOutcome, JobStats, Lease, RecoveredJob } from '../../jobs/backend.ts'
import { jobErrors } from '../../jobs/errors.ts'
import { describeFailure } from '../../jobs/failure.ts'
import { loadBull, type BullJob, type BullModule, type BullQueue, type BullWorker } from './bull-client.ts'
import { bullClaimed, bullRecord, bullStates } from './bull-record.ts'

/** What {@link bullBackend} needs. */
export interface BullBackendOptions {
  readonly connection: object
  readonly queue: string
  readonly prefix: string
  readonly clock: Clock
  readonly bullmq: BullModule | undefined
}

/** BullMQ's priorities go from 1, the best, to 2²¹. */
const middlePriority = 1_048_576
/** How long a job of a name without a handler here is set aside. */
const setAside = 1_000

interface Opened {
  readonly bull: BullModule
  readonly queue: BullQueue
}

/** Jobs in one queue of BullMQ; its own worker class only fetches, so that every backend runs handlers alike. */
export function bullBackend({ connection, queue: name, prefix, clock, bullmq }: BullBackendOptions): JobBackend {
  const createId = createIdGenerator({ clock })
  const owner = createId()
  const mine = new Map<string, { readonly job: BullJob; readonly secret: string }>()
  const stalled = new Set<string>()
  const foreign = new Set<string>()
  let claims = 0
  let opening: Promise<Opened> | undefined
  let working: Promise<BullWorker> | undefined

  async function open(): Promise<Opened> {
    const bull = bullmq ?? (await loadBull())
    const queue = new bull.Queue(name, { connection, prefix })
    queue.on('error', () => {})
    return { bull, queue }
  }

  function opened(): Promise<Opened> {
    opening ??= open()
    return opening
  }

  async function openWorker(lease: number): Promise<BullWorker> {
    const { bull } = await opened()
    const stalledInterval = Math.max(50, lease / 2)
    const limits = { lockDuration: lease, stalledInterval, maxStalledCount: 1_000_000, autorun: false }
    const worker = new bull.Worker(name, null, { connection, prefix, ...limits })
    worker.on('error', () => {})
    worker.on('stalled', (id) => void stalled.add(id))
    await worker.startStalledCheckTimer()
    return worker
  }

  /** Undefined when the lease was lost. */
  async function ifHeld(lease: Lease, act: (job: BullJob, secret: string) => Promise<unknown>): Promise<boolean> {
    const held = mine.get(`${lease.id}/${lease.token}`)
    if (held === undefined) return false
    try {
      await act(held.job, held.secret)
      return true
    } catch (error) {
      if (isLockLost(error)) return false
      throw error
    }
  }

  async function settleOne(outcome: JobOutcome): Promise<string | undefined> {
    const { lease, state } = outcome
    const { bull } = await opened()
    const stored = await ifHeld(lease, async (job, secret) => {
      if (state === 'done') return job.moveToCompleted(null, secret, false)
      const error = JSON.stringify(outcome.error)
      if (state !== 'retry') return job.moveToFailed(new bull.UnrecoverableError(error), secret, false)
      await job.updateData({ ...job.data, error })
      return outcome.wait > 0
        ? job.moveToDelayed(clock.now() + Math.ceil(outcome.wait), secret)
        : job.moveToWait(secret)
    })
    mine.delete(`${lease.id}/${lease.token}`)
    return stored ? lease.id : undefined
  }

  /** False for a job that cannot run here now. */
  async function accept(job: BullJob, secret: string, names: readonly string[]): Promise<boolean> {
    const { bull } = await opened()
    const { attempt, attempts, id } = bullClaimed(job)
    if (!names.includes(job.name)) {
      foreign.add(job.name)
      await job.updateData({ ...job.data, uncounted: job.data.uncounted + 1 })
      await job.moveToDelayed(clock.now() + setAside, secret)
      return false
    }
    if (attempt <= attempts) return true
    const lost = describeFailure(job.name, jobErrors.CORE_JOBS_WORKER_LOST({ id, attempt: attempts }))
    await job.moveToFailed(new bull.UnrecoverableError(JSON.stringify(lost)), secret, false)
    return false
  }

  async function find(id: string): Promise<BullJob | undefined> {
    return (await opened()).queue.getJob(id)
  }

  return {
    name: 'bullmq',
    capabilities: {
      transactions: false,
      completeWith: false,
      ordering: false,
      uniqueFor: false,
      cancelElsewhere: false,
    },
    // It hands out one job at a time.
    prefetch: 500,

    async enqueue(jobs) {
      const { queue } = await opened()
      const now = clock.now()
      const ids = jobs.map(() => createId())
      const added = await queue.addBulk(
        jobs.map(({ name: jobName, due, priority, key, payload, attempts, backoff }, index) => {
          const delay = 'at' in due ? Math.max(0, due.at - now) : Math.ceil(due.delay)
          const runAt = delay > 0 ? now + delay : undefined
          const deduplication = key === undefined ? undefined : { id: `${jobName}:${key}` }
          const opts = { jobId: ids[index], delay, priority: middlePriority - priority, deduplication, attempts: 1 }
          return { name: jobName, data: { payload, priority, attempts, backoff, key, runAt, uncounted: 0 }, opts }
        }),
      )
      return added.map(({ id }, index): EnqueuedJob => ({ id: id!, created: id === ids[index] }))
    },

    async claim(names, limit, lease) {
      const worker = await (working ??= openWorker(lease))
      const claimed = []
      while (claimed.length < limit) {
        const secret = `${owner}:${++claims}`
        const job = await worker.getNextJob(secret, { block: false })
        if (job === undefined || job === null) break
        if (!(await accept(job, secret, names))) continue
        const next = bullClaimed(job)
        mine.set(`${next.id}/${next.token}`, { job, secret })
        claimed.push(next)
      }
      return claimed
    },

    // BullMQ does it with every fetch.
    promote: async () => undefined,

    async settle(outcomes) {
      const ids = await Promise.all(outcomes.map((outcome) => settleOne(outcome)))
      return new Set(ids.filter((id) => id !== undefined))
    },

    async completeWith() {
      throw jobErrors.CORE_JOBS_UNSUPPORTED({ backend: 'bullmq', feature: 'completeWith' })
    },

    async release(leases) {
      for (const lease of leases) {
        await ifHeld(lease, async (job, secret) => {
          await job.updateData({ ...job.data, uncounted: job.data.uncounted + 1 })
          await job.moveToWait(secret)
        })
        mine.delete(`${lease.id}/${lease.token}`)
      }
    },

    async extend(leases, lease) {
      const held = leases.filter(({ id, token }) => mine.has(`${id}/${token}`))
      if (held.length === 0) return { lost: leases.map(({ id }) => id), cancelled: [] }
      const worker = await (working ??= openWorker(lease))
      const secrets = held.map(({ id, token }) => mine.get(`${id}/${token}`)!.secret)
      const ids = held.map(({ id }) => id)
      const lost = await worker.extendJobLocks(ids, secrets, lease)
      return { lost: lost.map(String), cancelled: [] }
    },

    async progress(lease, progress) {
      await ifHeld(lease, (job) => job.updateProgress(progress))
    },

    async recover() {
      const ids = [...stalled]
      stalled.clear()
      const jobs = await Promise.all(ids.map((id) => find(id)))
      return jobs
        .filter((job) => job !== undefined)
        .map((job): RecoveredJob => ({ id: job.id!, name: job.name, state: 'queued' }))
    },

    async cancel(id) {
      const job = await find(id)
      const record = job && (await bullRecord(job))
      if (record === undefined) return 'missing'
      if (record.finishedAt !== undefined) return 'finished'
      if (record.state === 'running') {
        if ([...mine.keys()].some((key) => key.startsWith(`${id}/`))) return 'requested'
        throw jobErrors.CORE_JOBS_UNSUPPORTED({ backend: 'bullmq', feature: 'cancelling in another process' })
      }
      await job!.remove()
      return 'cancelled'
    },

    async get(id) {
      const job = await find(id)
      return job && bullRecord(job)
    },

    async list({ state, name: jobName, after, limit = 100 }) {
      const types = state === undefined ? [...new Set(Object.values(bullStates).flat())] : [...bullStates[state]]
      if (types.length === 0) return []
      const { queue } = await opened()
      const records = await Promise.all((await queue.getJobs(types, 0, -1, true)).map((job) => bullRecord(job)))
      return records
        .filter((record) => record !== undefined)
        .filter((record) => state === undefined || record.state === state)
        .filter((record) => jobName === undefined || record.name === jobName)
        .filter(({ id }) => after === undefined || id > after)
        .sort((left, right) => (left.id < right.id ? -1 : 1))
        .slice(0, limit)
    },

    async stats() {
      const { queue } = await opened()
      const counts = await queue.getJobCounts('wait', 'prioritized', 'delayed', 'active', 'completed', 'failed')
      const of = (...types: string[]): number => types.reduce((sum, type) => sum + (counts[type] ?? 0), 0)
      const first = await queue.getJobs(['wait', 'prioritized'], 0, 0, true)
      const oldest = first[0] === undefined ? undefined : (first[0].data.runAt ?? first[0].timestamp)
      const stats: JobStats = {
        queued: of('wait', 'prioritized'),
        delayed: of('delayed'),
        waiting: 0,
        running: of('active'),
        done: of('completed'),
        cancelled: 0,
        dead: of('failed'),
        oldestQueued: oldest === undefined ? 0 : Math.max(0, clock.now() - oldest),
      }
      return stats
    },

    async retryDead({ id, name: jobName }) {
      const { queue } = await opened()
      const failed = id === undefined ? await queue.getJobs(['failed'], 0, 999, true) : [await queue.getJob(id)]
      const revived: string[] = []
      for (const job of failed) {
        if (job === undefined || (jobName !== undefined && job.name !== jobName)) continue
        if ((await bullRecord(job))?.state !== 'dead') continue
        await job.updateData({ ...job.data, uncounted: job.attemptsStarted })
        await job.retry('failed')
        revived.push(job.id!)
      }
      return revived
    },

    async clean({ done, dead }) {
      const { queue } = await opened()
      let removed = 0
      if (done !== undefined) removed += (await queue.clean(done, 1_000, 'completed')).length
      if (dead !== undefined) removed += (await queue.clean(dead, 1_000, 'failed')).length
      return removed
    },

    async foreignNames(names) {
      return [...foreign].filter((other) => !names.includes(other))
    },

    async close() {
      const worker = await working?.catch(() => undefined)
      await worker?.close(true)
      const open = await opening?.catch(() => undefined)
      await open?.queue.close()
    },
  }
}

/** BullMQ says "Missing lock", "Lock mismatch" or "not in the active state" when another worker has the job. */
function isLockLost(error: unknown): boolean {
  const message = error instanceof Error ? error.message : ''
  return /lock|not in the active|missing key/i.test(message)
}
