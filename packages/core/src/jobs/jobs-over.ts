import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { silentLogger, type Logger } from '../logger/logger.ts'
import type { Random } from '../random/random.ts'
import { systemRandom } from '../random/system-random.ts'
import type { JobBackend, KeepFinished, PlannedJob } from './backend.ts'
import type { WorkerSettings } from './engine/settings.ts'
import { Worker } from './engine/worker.ts'
import { checkWhole, planJob, type EnqueueCallOptions, type EnqueueOptions } from './enqueue-options.ts'
import { jobErrors } from './errors.ts'
import type { JobEvent } from './job-event.ts'
import type { JobDefinition, JobHandlers } from './job-handler.ts'
import type { DrainReport, Jobs } from './jobs.ts'
import { checkPayload } from './validate-payload.ts'

/** Options that every backend's jobs take. */
export interface JobsOptions<Payloads> {
  /** What this process can do. A process that only enqueues passes none. @default {} */
  readonly handlers?: JobHandlers<Payloads> | undefined
  /** Jobs that run at the same time in this process. @default 10 */
  readonly concurrency?: number | undefined
  /**
   * The most short jobs to take in advance; long ones are never taken in advance.
   * @default 5000, or 500 over BullMQ, which hands out one at a time
   */
  readonly prefetch?: number | undefined
  /**
   * How long a job stays with a worker that gives no sign of life; it is renewed every third of it. The same in all
   * processes. @default '30s'
   */
  readonly lease?: Duration | undefined
  /** How long a handler may go on after its signal was aborted before its slot is given to another. @default '5s' */
  readonly grace?: Duration | undefined
  /**
   * How often an idle worker looks for jobs of other processes: often after there were some, then ever less.
   * Jobs that this process enqueues start at once. @default { minimum: '50ms', maximum: '2s' }
   */
  readonly poll?: { readonly minimum?: Duration | undefined; readonly maximum?: Duration | undefined } | undefined
  /**
   * How long finished jobs can be looked at, and how long the inbox remembers; false for ever.
   * @default { done: '1d', dead: '30d', inbox: '30d' }
   */
  readonly keep?:
    | {
        readonly done?: Duration | false | undefined
        readonly dead?: Duration | false | undefined
        readonly inbox?: Duration | false | undefined
      }
    | undefined
  /** The largest payload in bytes of JSON. @default 262144 */
  readonly maximumPayload?: number | undefined
  /** Told of everything that happens to jobs here; what it throws is logged. */
  readonly onEvent?: ((event: JobEvent) => void) | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** Jobs over any backend: checks what comes in, and runs workers. */
export function jobsOver<Payloads>(backend: JobBackend, options: JobsOptions<Payloads>): Jobs<Payloads> {
  const settings = settingsOf(backend, options)
  const { clock, emit, handlers } = settings
  const maximumPayload = options.maximumPayload ?? 262_144
  checkWhole('maximumPayload', maximumPayload, 1, 2 ** 30)
  const workers = new Set<Worker>()
  let started: Worker | undefined
  let closing: Promise<void> | undefined

  function assertOpen(): void {
    if (closing !== undefined) throw jobErrors.CORE_JOBS_CLOSED()
  }

  async function plan(name: string, payload: unknown, jobOptions: EnqueueOptions): Promise<PlannedJob> {
    const definition = handlers.get(name)
    const planned = planJob(name, payload, jobOptions, definition ?? {}, maximumPayload)
    if (planned.orderingKey !== undefined && !backend.capabilities.ordering) refuse('orderingKey')
    if (planned.uniqueFor !== undefined && !backend.capabilities.uniqueFor) refuse('uniqueFor')
    await checkPayload(name, payload, definition?.schema)
    return planned
  }

  function refuse(feature: string): never {
    throw jobErrors.CORE_JOBS_UNSUPPORTED({ backend: backend.name, feature })
  }

  async function store(jobs: readonly PlannedJob[], tx: EnqueueCallOptions['tx']) {
    if (tx !== undefined && !backend.capabilities.transactions) refuse('enqueue in a transaction')
    const results = await backend.enqueue(jobs, tx)
    let soonest = Number.POSITIVE_INFINITY
    for (const [index, { name, due }] of jobs.entries()) {
      const { id, created } = results[index]!
      if (created) emit({ type: 'enqueued', id, name })
      if (created) soonest = Math.min(soonest, 'at' in due ? due.at - clock.now() : due.delay)
    }
    if (soonest < Number.POSITIVE_INFINITY) for (const worker of workers) worker.wake(Math.max(0, soonest))
    return results
  }

  async function stop(deadline: Duration): Promise<void> {
    const limit = milliseconds(deadline)
    const running = [...workers]
    started = undefined
    await Promise.all(running.map((worker) => worker.stop(limit)))
    for (const worker of running) workers.delete(worker)
  }

  function close({ deadline = '30s' }: { readonly deadline?: Duration | undefined } = {}): Promise<void> {
    closing ??= stop(deadline).then(() => backend.close())
    return closing
  }

  return {
    capabilities: backend.capabilities,

    async enqueue(name, payload, { tx, ...jobOptions } = {}) {
      assertOpen()
      const [result] = await store([await plan(name, payload, jobOptions)], tx)
      return result!
    },

    async enqueueMany(jobs, { tx } = {}) {
      assertOpen()
      const planned = await Promise.all(jobs.map(({ name, payload, ...rest }) => plan(name, payload, rest)))
      return planned.length === 0 ? [] : store(planned, tx)
    },

    start() {
      assertOpen()
      if (started !== undefined) return
      started = new Worker(settings)
      workers.add(started)
      void started.run({ untilEmpty: false })
    },

    stop: async ({ deadline = '30s' } = {}) => stop(deadline),

    async drain({ deadline, signal } = {}): Promise<DrainReport> {
      assertOpen()
      signal?.throwIfAborted()
      const worker = new Worker(settings)
      workers.add(worker)
      let interrupted = false
      const interrupt = (): void => {
        interrupted = true
        void worker.stop(0)
      }
      const limit = deadline === undefined ? undefined : milliseconds(deadline)
      const timer = limit === undefined ? undefined : clock.setTimer(interrupt, limit)
      signal?.addEventListener('abort', interrupt, { once: true })
      try {
        await worker.run({ untilEmpty: true })
        if (interrupted) await worker.stop(0)
      } finally {
        timer?.cancel()
        signal?.removeEventListener('abort', interrupt)
        workers.delete(worker)
      }
      if (worker.failure !== undefined && !interrupted) throw worker.failure as Error
      return { ...worker.counts, empty: !interrupted }
    },

    wake() {
      for (const worker of workers) worker.wake()
    },

    async cancel(id) {
      const result = await backend.cancel(id)
      if (result === 'requested') for (const worker of workers) worker.cancel(id)
      return result
    },

    get: (id) => backend.get(id),

    async list(filter = {}) {
      const { limit = 100 } = filter
      checkWhole('limit', limit, 1, 10_000)
      return backend.list(filter)
    },

    stats: () => backend.stats(),

    async retryDead(filter = {}) {
      assertOpen()
      const ids = await backend.retryDead(filter)
      if (ids.length > 0) for (const worker of workers) worker.wake()
      return ids
    },

    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

function settingsOf<Payloads>(backend: JobBackend, options: JobsOptions<Payloads>): WorkerSettings {
  const { concurrency = 10, prefetch = backend.prefetch, clock = systemClock, random = systemRandom } = options
  const { onEvent, logger = silentLogger } = options
  checkWhole('concurrency', concurrency, 1, 10_000)
  checkWhole('prefetch', prefetch, 0, 10_000)
  const minimum = Math.max(1, milliseconds(options.poll?.minimum ?? '50ms'))
  const maximum = Math.max(minimum, milliseconds(options.poll?.maximum ?? '2s'))
  const lease = milliseconds(options.lease ?? '30s')
  if (lease < 100) throw jobErrors.CORE_JOBS_OPTION_INVALID({ option: 'lease', value: options.lease })
  return {
    backend,
    handlers: definitionsOf(options.handlers),
    concurrency,
    prefetch,
    lease: Math.ceil(lease),
    grace: milliseconds(options.grace ?? '5s'),
    poll: { minimum, maximum },
    keep: keepOf(options.keep),
    clock,
    random,
    logger,
    emit(event) {
      try {
        onEvent?.(event)
      } catch (error) {
        logger.error({ err: error, event: event.type }, 'onEvent failed')
      }
    },
  }
}

function definitionsOf<Payloads>(
  handlers: JobHandlers<Payloads> | undefined,
): ReadonlyMap<string, JobDefinition<unknown>> {
  const entries = Object.entries(handlers ?? {}) as [string, JobDefinition<unknown> | JobDefinition<unknown>['run']][]
  return new Map(
    entries.map(([name, handler]) => {
      const definition = typeof handler === 'function' ? { run: handler } : handler
      if (typeof definition?.run !== 'function')
        throw jobErrors.CORE_JOBS_OPTION_INVALID({ option: `handlers.${name}`, value: handler })
      planJob(name, null, {}, definition, 4)
      return [name, definition]
    }),
  )
}

function keepOf(keep: JobsOptions<unknown>['keep'] = {}): KeepFinished {
  const age = (value: Duration | false | undefined, fallback: Duration): number | undefined =>
    value === false ? undefined : milliseconds(value ?? fallback)
  return { done: age(keep.done, '1d'), dead: age(keep.dead, '30d'), inbox: age(keep.inbox, '30d') }
}
