import type { Clock, Timer } from '../../clock/clock.ts'
import { ExprsnError } from '../../errors/exprsn-error.ts'
import type { Logger } from '../../logger/logger.ts'
import { decide, type Decision } from '../decide.ts'
import { scheduleErrors } from '../errors.ts'
import type { RunOutcome, ScheduleEvent } from '../events.ts'
import type { Job } from '../job.ts'
import type { JobRecord, RunClaim, RunningRecord } from '../store/records.ts'
import type { ScheduleStore } from '../store/schedule-store.ts'
import { ActiveRun } from './active-run.ts'
import { drainRuns } from './drain-runs.ts'
import { JobTable } from './job-table.ts'

/** What an engine works with; spans in milliseconds. */
export interface EngineOptions {
  readonly store: ScheduleStore
  readonly clock: Clock
  readonly logger: Logger
  readonly owner: string
  readonly lease: number
  readonly poll: number
  readonly history: number
  readonly background: boolean
  readonly onEvent: (event: ScheduleEvent) => void
}

/** What one round over all jobs found. */
export interface Round {
  /** Runs that began. */
  readonly started: number
  /** When the next thing is due, in milliseconds since 1970. */
  readonly next: number | undefined
}

/** The part that waits and acts; what to do is decided by {@link decide}. */
export class Engine {
  readonly table = new JobTable()
  readonly runs = new Set<ActiveRun>()
  readonly #options: EngineOptions
  #timer: Timer | undefined
  #round: Promise<Round> | undefined
  #isStarted = false
  #isWoken = false
  #isClosed = false

  constructor(options: EngineOptions) {
    this.#options = options
  }

  start(): void {
    this.assertOpen()
    this.#isStarted = true
    this.wake()
  }

  assertOpen(): void {
    if (this.#isClosed) throw scheduleErrors.CORE_SCHEDULE_CLOSED()
  }

  /** Looks again at once: something has changed. */
  wake(): void {
    if (!this.#isStarted || this.#isClosed) return
    this.#isWoken = true
    if (this.#round === undefined) void this.#loop()
  }

  /** One look at every job; what is due is claimed and begun. Rounds never run side by side. */
  async round(canClaim: () => boolean = () => true): Promise<Round> {
    while (this.#round !== undefined) await this.#round.catch(() => {})
    this.#round = this.#lookAtAll(canClaim)
    try {
      return await this.#round
    } finally {
      this.#round = undefined
    }
  }

  /** Begins a run that was asked for; undefined when one is in progress and the job allows only one. */
  async runNow(job: Job): Promise<ActiveRun | undefined> {
    const { store } = this.#options
    await this.table.register(store, this.#options.clock.now())
    for (;;) {
      const { jobs, running } = await store.read(job.id)
      const [record] = jobs
      if (record === undefined) throw scheduleErrors.CORE_SCHEDULE_JOB_UNKNOWN({ id: job.id })
      if (record.schedule !== job.when.text) throw scheduleErrors.CORE_SCHEDULE_JOB_REPLACED({ id: job.id })
      if (running.length > 0 && job.overlap !== 'allow') return undefined
      const claimedAt = this.#options.clock.monotonic()
      const claim = await store.claimManual(record, this.#claimTime())
      if (claim !== undefined) return this.#begin(job, claim, claimedAt)
    }
  }

  /** Takes no more work, gives what runs until `until` on the monotonic clock, then asks it to end. */
  async close(until: number): Promise<void> {
    this.#isClosed = true
    this.#timer?.cancel()
    await this.#round?.catch(() => {})
    await drainRuns(this.runs, this.#options.clock, until)
  }

  async #loop(): Promise<void> {
    const { clock, poll, background } = this.#options
    this.#timer?.cancel()
    let next: number | undefined
    while (this.#isWoken && !this.#isClosed) {
      this.#isWoken = false
      next = await this.round().then(
        (round) => round.next,
        (error: unknown) => this.#fault(error),
      )
    }
    if (this.#isClosed) return
    const wait = next === undefined ? poll : Math.min(poll, Math.max(0, next - clock.now()))
    this.#timer?.cancel()
    this.#timer = clock.setTimer(() => this.wake(), wait, { background })
  }

  async #lookAtAll(canClaim: () => boolean): Promise<Round> {
    const { store, clock } = this.#options
    await this.table.register(store, clock.now())
    const { jobs, running } = await store.read()
    const records = new Map(jobs.map((record) => [record.id, record]))
    let started = 0
    let next: number | undefined
    for (const job of this.table.all()) {
      const record = records.get(job.id)
      if (record === undefined) continue
      const looked = await this.#look(
        job,
        record,
        running.filter((run) => run.job === job.id),
        canClaim,
      )
      started += looked.started
      next = Math.min(next ?? Number.POSITIVE_INFINITY, looked.next ?? Number.POSITIVE_INFINITY)
    }
    return { started, next: next === Number.POSITIVE_INFINITY ? undefined : next }
  }

  /** Acts on one job until nothing is left to do about it now; each act needs a fresh record. */
  async #look(job: Job, record: JobRecord, running: readonly RunningRecord[], canClaim: () => boolean): Promise<Round> {
    const { store, clock } = this.#options
    let known: JobRecord | undefined = record
    let started = 0
    while (known !== undefined && this.table.has(job)) {
      const decision = decide(job, known, running, clock.now())
      if (decision.action === 'wait') return { started, next: decision.until }
      if (decision.action === 'stand-down') {
        if (this.table.standDown(job)) this.#emit({ type: 'stood-down', job: job.id })
        return { started, next: undefined }
      }
      if (this.#isClosed || !canClaim()) return { started, next: clock.now() }
      if (await this.#act(job, known, decision)) started++
      ;({
        jobs: [known],
        running,
      } = await store.read(job.id))
    }
    return { started, next: undefined }
  }

  /** True when a run began. */
  async #act(
    job: Job,
    record: JobRecord,
    decision: Exclude<Decision, { action: 'wait' | 'stand-down' }>,
  ): Promise<boolean> {
    const { store, clock, history } = this.#options
    const claimedAt = clock.monotonic()
    const time = this.#claimTime()
    if (decision.action === 'give-up') {
      const { run } = decision
      if (await store.finish(run, 'lost', time.now, { reason: `${run.attempt} attempts, none of which ended` }))
        this.#emit({ type: 'given-up', job: job.id, slot: new Date(run.slot) })
      return false
    }
    if (decision.action === 'take-over') {
      const claim = await store.takeOver(record, decision.run, time)
      if (claim !== undefined) this.#begin(job, claim, claimedAt)
      return claim !== undefined
    }
    const { slot, missedFrom } = decision
    const skip = decision.action === 'skip' ? 'a run was in progress' : undefined
    const claim = await store.claim(record, { ...time, slot, skip })
    if (claim === undefined) return false
    if (missedFrom !== undefined)
      this.#emit({ type: 'missed', job: job.id, from: new Date(missedFrom), to: new Date(slot) })
    if (skip === undefined) this.#begin(job, claim, claimedAt)
    else {
      this.#emit({ type: 'skipped', job: job.id, slot: new Date(slot) })
      await store.prune(job.id, history)
    }
    return skip === undefined
  }

  #begin(job: Job, claim: RunClaim, claimedAt: number): ActiveRun {
    const { store, clock, lease } = this.#options
    const slot = new Date(claim.slot)
    const fencingToken = claim.token
    const late = clock.now() - claim.slot - (claim.kind === 'slot' ? job.delay : 0)
    this.#emit({ type: 'started', job: job.id, slot, fencingToken, attempt: claim.attempt, late })
    const run = new ActiveRun(job, claim, { store, clock, lease, onFault: (error) => this.#fault(error) }, claimedAt)
    this.runs.add(run)
    void run.ended.then((outcome) => this.#onEnded(job, run, outcome, claimedAt))
    return run
  }

  async #onEnded(job: Job, run: ActiveRun, outcome: RunOutcome, claimedAt: number): Promise<void> {
    const { store, clock, history } = this.#options
    const { slot, token } = run.claim
    const took = clock.monotonic() - claimedAt
    const error = outcome.state === 'failed' ? { error: outcome.error } : {}
    this.runs.delete(run)
    this.#emit({
      type: 'ended',
      job: job.id,
      slot: new Date(slot),
      fencingToken: token,
      outcome: outcome.state,
      took,
      ...error,
    })
    this.wake()
    if (!this.#isClosed) await store.prune(job.id, history).catch((fault: unknown) => this.#fault(fault))
  }

  #claimTime() {
    const { owner, lease, clock } = this.#options
    return { owner, lease, now: clock.now() }
  }

  #fault(error: unknown): undefined {
    if (this.#isClosed && ExprsnError.is(error) && error.code === 'CORE_DATABASE_CLOSED') return
    this.#options.logger.warn({ err: error }, 'the scheduler’s database failed')
    this.#emit({ type: 'fault', error })
  }

  #emit(event: ScheduleEvent): void {
    const { logger, onEvent } = this.#options
    if (event.type !== 'fault') logger.debug({ ...event }, `schedule: ${event.type}`)
    try {
      onEvent(event)
    } catch (error) {
      logger.error({ err: error }, 'onEvent threw')
    }
  }
}
