import type { Clock, Timer, TimerOptions } from '../../clock/clock.ts'
import { milliseconds, type Duration } from '../../duration/duration.ts'
import { testingErrors } from '../errors.ts'
import { drainMicrotasks } from './drain-microtasks.ts'

/** Options of {@link SimulatedClock}. */
export interface SimulatedClockOptions {
  /** What `now` says at the start. @default 2026-01-01T00:00:00Z */
  readonly now?: Date | number | undefined
}

/** Options of {@link SimulatedClock.runUntilIdle}. */
export interface RunUntilIdleOptions {
  /** The most timers that may fire before it gives up. @default 100000 */
  readonly limit?: number | undefined
}

interface PendingTimer {
  /** On the monotonic scale. */
  readonly due: number
  /** Equal times fire in the order they were set. */
  readonly order: number
  readonly background: boolean
  readonly callback: () => void
}

/**
 * Time that moves only when a test says so, and then at once. Timers fire in the order of their times; before the
 * first and after each one all promise reactions run, so that code between two waits is
 * done before the clock goes on.
 *
 * @example
 * ```ts
 * import { sleep } from '@exprsn/core'
 * import { SimulatedClock } from '@exprsn/core/testing'
 *
 * const clock = new SimulatedClock({ now: new Date('2026-11-20T10:00:00Z') })
 * const waited = sleep('30d', { clock })
 * await clock.runUntilIdle()
 * await waited
 * console.log(new Date(clock.now()).toISOString()) // 2026-12-20T10:00:00.000Z
 * ```
 */
export class SimulatedClock implements Clock {
  /** Difference between `now` and `monotonic`. */
  #offset: number
  #monotonic = 0
  #order = 0
  readonly #timers = new Set<PendingTimer>()

  constructor({ now = Date.UTC(2026, 0, 1) }: SimulatedClockOptions = {}) {
    this.#offset = Number(now)
  }

  now(): number {
    return this.#offset + this.#monotonic
  }

  monotonic(): number {
    return this.#monotonic
  }

  setTimer(callback: () => void, delay: number, { background = false }: TimerOptions = {}): Timer {
    const due = this.#monotonic + Math.max(0, delay)
    const timer: PendingTimer = { due, order: this.#order++, background, callback }
    this.#timers.add(timer)
    return { cancel: () => void this.#timers.delete(timer) }
  }

  /** Timers that have not fired, background ones included. */
  get pending(): number {
    return this.#timers.size
  }

  /** When the next timer fires, on the scale of `now`; undefined when there is none. */
  get nextTimerAt(): number | undefined {
    const next = this.#next()
    return next && next.due + this.#offset
  }

  /** Sets the wall clock, as an administrator or NTP would: `now` jumps, `monotonic` and the timers go on. */
  set(now: Date | number): void {
    this.#offset = Number(now) - this.#monotonic
  }

  /** Lets a span of time pass and fires what is due in it. */
  advanceBy(duration: Duration): Promise<void> {
    return this.#advance(this.#monotonic + milliseconds(duration))
  }

  /**
   * Lets time pass until `now` says this.
   *
   * @throws `CORE_TESTING_CLOCK_BACK` when that is in the past.
   */
  async advanceTo(target: Date | number): Promise<void> {
    const due = Number(target) - this.#offset
    if (!(due >= this.#monotonic)) throw testingErrors.CORE_TESTING_CLOCK_BACK({ now: this.now(), target })
    await this.#advance(due)
  }

  /**
   * Lets time pass until only background timers are left, as a process ends when nothing holds it.
   *
   * @throws `CORE_TESTING_NOT_IDLE` when more than `limit` timers fired.
   */
  async runUntilIdle({ limit = 100_000 }: RunUntilIdleOptions = {}): Promise<void> {
    await drainMicrotasks()
    for (let fired = 0; [...this.#timers].some(({ background }) => !background); fired++) {
      if (fired === limit) throw testingErrors.CORE_TESTING_NOT_IDLE({ timers: fired, pending: this.pending })
      await this.#fire(this.#next()!)
    }
  }

  async #advance(target: number): Promise<void> {
    await drainMicrotasks()
    for (let next = this.#next(); next && next.due <= target; next = this.#next()) await this.#fire(next)
    this.#monotonic = target
  }

  async #fire(timer: PendingTimer): Promise<void> {
    this.#timers.delete(timer)
    this.#monotonic = Math.max(this.#monotonic, timer.due)
    timer.callback()
    await drainMicrotasks()
  }

  #next(): PendingTimer | undefined {
    let first: PendingTimer | undefined
    for (const timer of this.#timers)
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer
    return first
  }
}
