import type { Timer } from '../../clock/clock.ts'
import { describeFailure } from '../failure.ts'
import type { ClaimedJob, JobOutcome } from '../backend.ts'
import { HeldJob } from './held-job.ts'
import { Prefetch } from './prefetch.ts'
import { runAttempt, type AttemptEnd } from './run-attempt.ts'
import { Settler } from './settler.ts'
import type { WorkerSettings } from './settings.ts'
import { Tender } from './tender.ts'
import { Wake } from './wake.ts'

const mostUnsettled = 2_000
const patienceForBackend = 5_000

/** Until when to work. */
export interface RunLimits {
  /** Ends when nothing is due and nothing runs. */
  readonly untilEmpty: boolean
}

/** How many attempts ended in which way. */
export interface WorkerCounts {
  done: number
  retried: number
  dead: number
  cancelled: number
  released: number
  lost: number
}

/** Takes jobs from the backend and runs their handlers, until it is stopped. One is used once. */
export class Worker {
  readonly counts: WorkerCounts = { done: 0, retried: 0, dead: 0, cancelled: 0, released: 0, lost: 0 }
  /** What the backend answered the last time when it could not be asked. */
  failure: unknown
  readonly #settings: WorkerSettings
  readonly #names: readonly string[]
  readonly #settler: Settler
  readonly #tender: Tender
  readonly #prefetch: Prefetch
  readonly #wake: Wake
  /** Every job between its claim and the moment its outcome is stored. */
  readonly #held = new Map<string, HeldJob>()
  #buffer: HeldJob[] = []
  #running = 0
  #stopping = false
  #dry = false
  #interval: number
  #dueAt = Number.NEGATIVE_INFINITY
  #looping: Promise<void> | undefined

  constructor(settings: WorkerSettings) {
    this.#settings = settings
    this.#names = [...settings.handlers.keys()]
    this.#settler = new Settler(settings)
    this.#prefetch = new Prefetch(settings)
    this.#wake = new Wake(settings.clock)
    this.#tender = new Tender(settings, this.#held, () => this.wake())
    this.#interval = settings.poll.minimum
  }

  /** Works until stopped, or until nothing is left. Never rejects. */
  run(limits: RunLimits): Promise<void> {
    this.#looping ??= this.#work(limits)
    return this.#looping
  }

  /** Something may be there: looks at once. `wait` is in milliseconds. */
  wake(wait = 0): void {
    if (wait > 0) {
      this.#dueAt = Math.min(this.#dueAt, this.#settings.clock.monotonic() + wait)
    } else {
      this.#dry = false
    }
    this.#interval = this.#settings.poll.minimum
    this.#wake.now()
  }

  /** Tells a handler that runs here; false when the job is not here. */
  cancel(id: string): boolean {
    const held = this.#held.get(id)
    if (held === undefined || held.settling) return false
    held.cancel()
    return true
  }

  /**
   * Takes nothing new and waits for what runs. After `deadline` milliseconds handlers are aborted and their jobs given
   * back; a backend that does not answer then holds it up for little more than the grace period.
   */
  async stop(deadline: number): Promise<void> {
    const { clock, grace } = this.#settings
    this.#stopping = true
    this.#wake.now()
    let abort: Timer | undefined
    // A claim on its way comes first: it must not take again what is given back.
    const ended = (this.#looping ?? Promise.resolve()).then(() => {
      const waiting = this.#buffer
      this.#buffer = []
      abort = clock.setTimer(() => this.#abortAll(), deadline, { background: true })
      return this.#release(waiting)
    })
    const quiet = ended.then(() => this.#whenQuiet())
    await within(quiet, deadline + grace + patienceForBackend, clock)
    abort?.cancel()
    this.#tender.stop()
  }

  async #work({ untilEmpty }: RunLimits): Promise<void> {
    if (untilEmpty) await this.#tender.tend()
    this.#tender.start()
    while (!this.#stopping) {
      const room = this.#room()
      // Before asking: whoever rings while the answer is on its way may mean a job that is not in it.
      if (room > 0) this.#dry = true
      const taken = room > 0 ? await this.#take(room) : 0
      if (this.#stopping) break
      if (room > 0 && taken === room) {
        this.#dry = false
        continue
      }
      if (untilEmpty && taken === 0 && this.#held.size === 0 && room > 0 && this.#dry) break
      await this.#wake.wait(this.#patience(untilEmpty))
      if (this.#wake.timedOut || (untilEmpty && this.#held.size === 0)) this.#dry = false
    }
    if (untilEmpty) this.#tender.stop()
  }

  /** How many jobs to ask for; none while the last ones suffice. */
  #room(): number {
    const { concurrency } = this.#settings
    const extra = this.#prefetch.size
    if (this.#dry || this.#buffer.length > extra / 2 || this.#held.size - this.#buffer.length > mostUnsettled) return 0
    return concurrency + extra - this.#running - this.#buffer.length
  }

  /** Milliseconds until it is worth looking again without being told. */
  #patience(untilEmpty: boolean): number | undefined {
    if (!this.#dry) return undefined
    const now = this.#settings.clock.monotonic()
    if (untilEmpty) return this.#held.size > 0 ? this.#settings.poll.minimum : 0
    const { maximum } = this.#settings.poll
    const wait = Math.max(1, Math.min(this.#interval, this.#dueAt - now))
    this.#interval = Math.min(maximum, this.#interval * 2)
    return wait
  }

  /** Gives how many were taken. A backend that fails is left alone for a while. */
  async #take(room: number): Promise<number> {
    const { backend, clock, lease, logger, poll } = this.#settings
    try {
      if (clock.monotonic() >= this.#dueAt || this.#wake.timedOut) await this.#promote()
      const expiresAt = clock.monotonic() + lease
      const jobs = await backend.claim(this.#names, room, lease)
      if (jobs.length > 0) this.#interval = poll.minimum
      this.#accept(jobs, expiresAt)
      return jobs.length
    } catch (error) {
      logger.warn({ err: error }, 'jobs could not be taken')
      this.failure = error
      this.#dueAt = Number.NEGATIVE_INFINITY
      this.#interval = poll.maximum
      return 0
    }
  }

  async #promote(): Promise<void> {
    const { backend, clock, poll } = this.#settings
    const asked = clock.monotonic()
    this.#dueAt = asked + poll.maximum
    const next = await backend.promote()
    // What is due and still there, because another worker is taking it, is no reason to ask without pause.
    if (next !== undefined) this.#dueAt = Math.min(this.#dueAt, asked + Math.max(next, poll.minimum))
  }

  #accept(jobs: readonly ClaimedJob[], expiresAt: number): void {
    for (const job of jobs) {
      const held = new HeldJob(job, expiresAt)
      this.#held.set(job.id, held)
      this.#buffer.push(held)
    }
    if (this.#stopping) {
      const late = this.#buffer
      this.#buffer = []
      void this.#release(late)
    }
    this.#startNext()
  }

  #startNext(): void {
    while (this.#running < this.#settings.concurrency && this.#buffer.length > 0) {
      const held = this.#buffer.shift()!
      // Prefetched jobs can be lost or cancelled before their turn comes.
      if (held.signal.aborted) void this.#conclude(held, this.#endUnstarted(held), 0)
      else void this.#attempt(held)
    }
  }

  #endUnstarted({ job, abortCode, signal }: HeldJob): AttemptEnd {
    if (abortCode !== 'CORE_JOBS_CANCELLED') return 'nothing'
    return { lease: job, state: 'cancelled', error: describeFailure(job.name, signal.reason) }
  }

  async #attempt(held: HeldJob): Promise<void> {
    const { clock, emit } = this.#settings
    const { id, name, attempt, waited } = held.job
    this.#running++
    emit({ type: 'started', id, name, attempt, waited })
    const startedAt = clock.monotonic()
    const end = await runAttempt(held, this.#settings)
    const duration = clock.monotonic() - startedAt
    this.#running--
    this.#prefetch.observe(duration)
    void this.#conclude(held, end, duration)
    this.#startNext()
    if (!this.#dry) this.#wake.now()
  }

  async #conclude(held: HeldJob, end: AttemptEnd, duration: number): Promise<void> {
    const { job } = held
    if (end === 'release') await this.#release([held])
    else if (end === 'nothing') this.#tell(held, held.completed ? 'done' : 'lost', duration)
    else await this.#settle(held, end, duration)
    this.#held.delete(job.id)
    // Behind an ordered job another becomes free; a job that waits for nothing is due again.
    const next = job.orderingKey !== undefined || (typeof end === 'object' && end.state === 'retry')
    if (next) this.wake(typeof end === 'object' && end.state === 'retry' ? end.wait : 0)
    else this.#wake.now()
  }

  async #settle(held: HeldJob, outcome: JobOutcome, duration: number): Promise<void> {
    const stored = await this.#settler.submit(held, outcome)
    const type = !stored ? 'lost' : outcome.state === 'retry' ? 'retried' : outcome.state
    this.#tell(held, type, duration, outcome)
  }

  #tell({ job }: HeldJob, type: keyof WorkerCounts, duration: number, outcome?: JobOutcome): void {
    const { emit, logger } = this.#settings
    const { id, name, attempt } = job
    this.counts[type]++
    const error = outcome !== undefined && 'error' in outcome ? outcome.error : undefined
    emit({ type, id, name, attempt, duration, error })
    if (type === 'dead') logger.error({ job: name, jobId: id, attempt, error }, 'a job is dead')
    else if (type === 'retried') logger.info({ job: name, jobId: id, attempt, error }, 'a job will be tried again')
    else if (type === 'lost') logger.warn({ job: name, jobId: id, attempt }, 'the lease of a job was lost')
  }

  async #release(jobs: readonly HeldJob[]): Promise<void> {
    const { backend, logger } = this.#settings
    for (const held of jobs) held.settling = true
    try {
      await backend.release(jobs.map(({ job }) => job))
    } catch (error) {
      // They come back when their leases run out.
      logger.warn({ err: error, jobs: jobs.length }, 'jobs could not be given back')
    }
    for (const held of jobs) {
      this.#tell(held, 'released', 0)
      this.#held.delete(held.job.id)
    }
    this.#wake.now()
  }

  #abortAll(): void {
    for (const held of this.#held.values()) if (!held.settling) held.stop()
  }

  async #whenQuiet(): Promise<void> {
    while (this.#held.size > 0) await this.#wake.wait(undefined)
  }
}

/** Waits for the work, but no longer than this many milliseconds. */
function within(work: Promise<void>, limit: number, clock: WorkerSettings['clock']): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(resolve, limit, { background: true })
    work
      .catch(() => {})
      .finally(() => {
        timer.cancel()
        resolve()
      })
      .catch(() => {})
  })
}
