import type { Clock } from '../../clock/clock.ts'
import { sleep } from '../../clock/sleep.ts'
import type { Queryable } from '../../database/database.ts'
import { scheduleErrors } from '../errors.ts'
import type { RunOutcome } from '../events.ts'
import type { Job } from '../job.ts'
import type { RunClaim } from '../store/records.ts'
import type { ScheduleStore } from '../store/schedule-store.ts'
import { LeaseHold } from './lease-hold.ts'

/** What a run needs from its scheduler. */
export interface RunEnvironment {
  readonly store: ScheduleStore
  readonly clock: Clock
  /** Milliseconds. */
  readonly lease: number
  readonly onFault: (error: unknown) => void
}

/** A run in progress on this replica: calls the job's function under a lease and records how it ended. */
export class ActiveRun {
  readonly claim: RunClaim
  readonly ended: Promise<RunOutcome>
  readonly #job: Job
  readonly #environment: RunEnvironment
  readonly #controller = new AbortController()
  readonly #hold: LeaseHold
  #isReleased = false

  /** @param claimedAt On the monotonic clock, before the claim was sent. */
  constructor(job: Job, claim: RunClaim, environment: RunEnvironment, claimedAt: number) {
    const { store, clock, lease, onFault } = environment
    this.claim = claim
    this.#job = job
    this.#environment = environment
    const renew = async (until: number): Promise<boolean> =>
      (await store.renew(claim, until)) || (await store.stateOf(claim)) === 'done'
    const onLost = (): void => this.#controller.abort(this.#leaseLost())
    this.#hold = new LeaseHold({ clock, lease, renew, onLost, onFault }, claimedAt)
    this.ended = this.#perform()
  }

  /** Asks the job's function to end, so that another replica can begin the run again. */
  release(): void {
    this.#isReleased = true
    this.#controller.abort(scheduleErrors.CORE_SCHEDULE_CLOSED())
  }

  /** Gives up waiting for a function that ignores its signal: the lease runs out. */
  abandon(): void {
    this.#hold.stop()
  }

  async #perform(): Promise<RunOutcome> {
    // The process may have stood still between the claim and now.
    const called: RunOutcome = this.#hold.isHeld ? await this.#call() : { state: 'lost' }
    try {
      return await this.#recordWhileHeld(called)
    } finally {
      this.#hold.stop()
    }
  }

  async #call(): Promise<RunOutcome> {
    const { job, slot, token, attempt, kind } = this.claim
    const { signal } = this.#controller
    try {
      await this.#job.run({
        id: job,
        slot: new Date(slot),
        fencingToken: token,
        attempt,
        isManual: kind === 'manual',
        signal,
        complete: (tx) => this.#complete(tx),
      })
      return { state: 'done' }
    } catch (error) {
      if (this.#isReleased) return { state: 'released' }
      // A run that ends because its lease was lost has not failed: another replica begins it again.
      return this.#controller.signal.aborted ? { state: 'lost' } : { state: 'failed', error }
    }
  }

  /** While the lease is held nobody else can begin the run again, so a fault of the database is worth another try. */
  async #recordWhileHeld(called: RunOutcome): Promise<RunOutcome> {
    const { clock, lease, onFault } = this.#environment
    for (;;) {
      try {
        return await this.#record(called)
      } catch (error) {
        onFault(error)
        if (!this.#hold.isHeld) return { state: 'lost' }
        await sleep(lease / 6, { clock, background: true })
      }
    }
  }

  /** What was completed inside the host's transaction is done, whatever the function threw afterwards. */
  async #record(called: RunOutcome): Promise<RunOutcome> {
    const { store, clock } = this.#environment
    const isOver = called.state === 'done' || called.state === 'failed'
    const isRecorded = isOver
      ? await store.finish(this.claim, called.state, clock.now(), { reason: reasonOf(called) })
      : await store.renew(this.claim, 0)
    if (isRecorded) return called
    const state = await store.stateOf(this.claim)
    if (state === 'done') return { state }
    return state === called.state ? called : { state: 'lost' }
  }

  async #complete(tx: Queryable): Promise<void> {
    const { store, clock } = this.#environment
    if (!(await store.finish(this.claim, 'done', clock.now(), { tx }))) throw this.#leaseLost()
  }

  #leaseLost(): Error {
    const { job, slot } = this.claim
    return scheduleErrors.CORE_SCHEDULE_LEASE_LOST({ id: job, slot: new Date(slot).toISOString() })
  }
}

function reasonOf(called: RunOutcome): string | undefined {
  return called.state === 'failed' ? String(called.error) : undefined
}
