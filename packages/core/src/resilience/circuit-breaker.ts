import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { resilienceErrors } from './errors.ts'
import { FailureWindow } from './failure-window.ts'
import { runGuarded, type Guard } from './guard.ts'
import type { Operation, PolicyLayer } from './policy.ts'
import type { Scope } from './scope.ts'

/**
 * `closed`: calls go through and are counted. `open`: calls are refused. `half-open`: a few trial calls go through, and
 * decide.
 */
export type CircuitState = 'closed' | 'open' | 'half-open'

/** A change of a breaker's state. */
export interface CircuitEvent {
  readonly name: string
  readonly from: CircuitState
  readonly to: CircuitState
}

/** Options of {@link circuitBreaker}. */
export interface CircuitBreakerOptions {
  /** Named in errors, events and metrics. @default 'circuit' */
  readonly name?: string | undefined
  /** Share of failed calls in the window that opens the circuit, above 0 and at most 1. @default 0.5 */
  readonly failureRate?: number | undefined
  /** Fewer calls in the window never open it. @default 10 */
  readonly minimumCalls?: number | undefined
  /** How far back calls count. @default '10s' */
  readonly window?: Duration | undefined
  /** How long it stays open before trial calls, and how long they may take before others are tried. @default '30s' */
  readonly openFor?: Duration | undefined
  /** Trial calls that must all succeed to close it. @default 1 */
  readonly trialCalls?: number | undefined
  /**
   * Whether an error counts against the dependency: a rejected input does not. Never asked about calls that say nothing of
   * it, because the caller gave up, or because a layer further in refused them.
   * @default every error counts
   */
  readonly isFailure?: ((error: unknown) => boolean) | undefined
  /** Told of every change of state. */
  readonly onChange?: ((event: CircuitEvent) => void) | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** A circuit breaker, and its switch. */
export interface CircuitBreaker extends PolicyLayer {
  readonly state: CircuitState
  /** Opens it by hand: it stays open until {@link CircuitBreaker.close}. */
  open(): void
  /** Closes it by hand and forgets the failures. */
  close(): void
}

/**
 * Stops calling what keeps failing: after too many failures calls are refused at once, and after a while a trial call finds
 * out whether the dependency is back (M. Nygard, "Release It!", 2007). A call that a {@link timeout} outside of it ended
 * counts as failed when its work ends; for work that ignores its signal, put the timeout inside.
 *
 * @example
 * ```ts
 * import { circuitBreaker, policy } from '@exprsn/core/resilience'
 *
 * const breaker = circuitBreaker({ name: 'mail', minimumCalls: 2, openFor: '1m' })
 * const guarded = policy(breaker)
 * for (let call = 0; call < 2; call++) await guarded(() => Promise.reject(new Error('down'))).catch(() => {})
 * await guarded(async () => 'sent').catch((error) => console.log(error.code)) // CORE_CIRCUIT_OPEN
 * console.log(breaker.state) // open
 * ```
 */
export function circuitBreaker(options: CircuitBreakerOptions = {}): CircuitBreaker {
  return new Breaker(options)
}

class Breaker implements CircuitBreaker {
  readonly name: string
  readonly kind = 'circuitBreaker'
  readonly settings: Readonly<Record<string, unknown>>
  readonly guard: Guard
  readonly #failureRate: number
  readonly #minimumCalls: number
  readonly #openFor: number
  readonly #trialCalls: number
  readonly #isFailure: (error: unknown) => boolean
  readonly #onChange: ((event: CircuitEvent) => void) | undefined
  readonly #clock: Clock
  readonly #window: FailureWindow
  #state: CircuitState = 'closed'
  #openUntil = 0
  /** When trial calls that have not ended are given up. */
  #trialsUntil = 0
  #trialsStarted = 0
  #trialsSucceeded = 0
  #generation = 0

  constructor(options: CircuitBreakerOptions) {
    this.name = options.name ?? 'circuit'
    this.#failureRate = options.failureRate ?? 0.5
    this.#minimumCalls = options.minimumCalls ?? 10
    this.#openFor = milliseconds(options.openFor ?? '30s')
    this.#trialCalls = options.trialCalls ?? 1
    this.#isFailure = options.isFailure ?? (() => true)
    this.#onChange = options.onChange
    this.#clock = options.clock ?? systemClock
    const window = milliseconds(options.window ?? '10s')
    this.#window = new FailureWindow(this.#clock, window)
    this.guard = {
      enter: () => this.#enter(),
      leave: (failed, error, generation, scope) => this.#leave(failed, error, generation as number, scope),
    }
    refuseOutOfRange('window', window, window > 0)
    refuseOutOfRange('failureRate', this.#failureRate, this.#failureRate > 0 && this.#failureRate <= 1)
    refuseOutOfRange('minimumCalls', this.#minimumCalls, this.#minimumCalls >= 1)
    refuseOutOfRange('trialCalls', this.#trialCalls, Number.isInteger(this.#trialCalls) && this.#trialCalls >= 1)
    this.settings = {
      failureRate: this.#failureRate,
      minimumCalls: this.#minimumCalls,
      window,
      openFor: this.#openFor,
      trialCalls: this.#trialCalls,
    }
  }

  get state(): CircuitState {
    return this.#state === 'open' && this.#clock.monotonic() >= this.#openUntil ? 'half-open' : this.#state
  }

  wrap(next: Operation): Operation {
    return runGuarded([this.guard], next)
  }

  open(): void {
    this.#openUntil = Infinity
    this.#change('open')
  }

  close(): void {
    this.#change('closed')
  }

  #enter(): number {
    if (this.#state !== 'closed') this.#enterTrial()
    return this.#generation
  }

  #enterTrial(): void {
    const now = this.#clock.monotonic()
    if (this.#state === 'open' ? now >= this.#openUntil : now >= this.#trialsUntil) this.#beginTrials(now)
    if (this.#state === 'half-open' && this.#trialsStarted < this.#trialCalls) this.#trialsStarted++
    else throw this.#refusal(now)
  }

  #beginTrials(now: number): void {
    this.#trialsUntil = now + this.#openFor
    this.#change('half-open')
  }

  #refusal(now: number): Error {
    const wait = this.#state === 'open' ? Math.ceil(this.#openUntil - now) : 1
    const retryAfter = Number.isFinite(wait) ? { retryAfterMs: wait } : {}
    return resilienceErrors.CORE_CIRCUIT_OPEN({ name: this.name, ...retryAfter })
  }

  #leave(callFailed: boolean, error: unknown, generation: number, scope: Scope): void {
    // A call that began before the last change of state must not decide about a state it did not see.
    if (generation !== this.#generation) return
    if (!callFailed && !scope.aborted && this.#state === 'closed') return this.#window.record(false)
    const given = scope.aborted ? scope.reason : error
    if (saysNothing(given, scope.aborted, callFailed)) {
      if (this.#state === 'half-open') this.#trialsStarted--
      return
    }
    const failed = (callFailed || scope.aborted) && this.#isFailure(given)
    if (this.#state === 'closed') this.#count(failed)
    else this.#endTrial(failed)
  }

  #count(failed: boolean): void {
    this.#window.record(failed)
    if (!failed) return
    const { calls, failures } = this.#window
    if (calls >= this.#minimumCalls && failures >= calls * this.#failureRate) this.#trip()
  }

  #endTrial(failed: boolean): void {
    if (failed) this.#trip()
    else if (++this.#trialsSucceeded >= this.#trialCalls) this.#change('closed')
  }

  #trip(): void {
    this.#openUntil = this.#clock.monotonic() + this.#openFor
    this.#change('open')
  }

  #change(to: CircuitState): void {
    const from = this.#state
    this.#state = to
    this.#generation++
    this.#trialsStarted = this.#trialsSucceeded = 0
    this.#window.clear()
    if (from !== to) this.#onChange?.({ name: this.name, from, to })
  }
}

/** Errors of layers further in, with which they refuse a call before it reaches the dependency. */
const refusals = new Set(['CORE_BULKHEAD_FULL', 'CORE_RATE_LIMITED', 'CORE_CIRCUIT_OPEN', 'CORE_DEADLINE_EXCEEDED'])

/** Whether a call tells nothing about the dependency: it was given up for another reason than time, or not begun. */
function saysNothing(error: unknown, aborted: boolean, failed: boolean): boolean {
  if (!aborted && !failed) return false
  const code = ExprsnError.is(error) ? error.code : undefined
  return aborted ? code !== 'CORE_TIMEOUT' : code !== undefined && refusals.has(code)
}

function refuseOutOfRange(option: string, value: number, valid: boolean): void {
  if (!valid) throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option, value })
}
