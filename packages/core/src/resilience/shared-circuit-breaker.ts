import type { Timer, Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { createIdGenerator } from '../id/uuid.ts'
import type { Random } from '../random/random.ts'
import {
  circuitBreaker,
  type CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitEvent,
  type CircuitState,
} from './circuit-breaker.ts'
import type { CircuitStore, CircuitTally } from './circuit-store.ts'
import { resilienceErrors } from './errors.ts'
import { runGuarded, type Guard } from './guard.ts'
import { policy, type Operation, type Policy } from './policy.ts'
import { timeout } from './timeout.ts'

/** Options of {@link sharedCircuitBreaker}. */
export interface SharedCircuitBreakerOptions extends CircuitBreakerOptions {
  /** Where the votes are; the name says which belong together. */
  readonly store: CircuitStore
  /** Share of the live instances that must vote open to open it for all, above 0 and at most 1. @default 0.5 */
  readonly quorum?: number | undefined
  /** Fewer votes never open it for all: with 2, one bad machine of two cannot. @default 2 */
  readonly minimumVotes?: number | undefined
  /** How often the vote is renewed while there are calls, and how long the store may take. @default '2s' */
  readonly syncEvery?: Duration | undefined
  /** How long a vote counts, and a tally is believed, when nothing newer is heard. @default '10s' */
  readonly ttl?: Duration | undefined
  /** Names this breaker among the voters. @default a random id */
  readonly instance?: string | undefined
  /** Told when the store could not be asked; the breaker then works on what this process sees. */
  readonly onStoreError?: ((error: unknown) => void) | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** A circuit breaker that listens to others of its name. */
export interface SharedCircuitBreaker extends CircuitBreaker {
  /** Stops voting and takes the vote back. The breaker goes on by itself. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A circuit breaker that also opens when a quorum of the processes that call the same dependency found it failing. Each
 * votes with what it saw itself, never with what it heard, so that one bad machine opens the circuit for itself alone and a
 * circuit that is open for all closes when those that saw it fail see it work. Without the store it is a plain
 * {@link circuitBreaker}: a lost connection, a partition or a slow store never refuse a call.
 *
 * @example
 * ```ts
 * import { memoryCircuitStore, policy, sharedCircuitBreaker } from '@exprsn/core/resilience'
 *
 * await using breaker = sharedCircuitBreaker({ name: 'mail', store: memoryCircuitStore() })
 * const guarded = policy(breaker)
 * console.log(await guarded(async () => 'sent'), breaker.state) // sent closed
 * ```
 */
export function sharedCircuitBreaker(options: SharedCircuitBreakerOptions): SharedCircuitBreaker {
  return new SharedBreaker(options)
}

class SharedBreaker implements SharedCircuitBreaker {
  readonly name: string
  readonly kind = 'sharedCircuitBreaker'
  readonly settings: Readonly<Record<string, unknown>>
  readonly guard: Guard
  readonly #own: CircuitBreaker
  readonly #store: CircuitStore
  readonly #clock: Clock
  readonly #quorum: number
  readonly #minimumVotes: number
  readonly #syncEvery: number
  readonly #ttl: number
  readonly #instance: string
  readonly #onChange: ((event: CircuitEvent) => void) | undefined
  readonly #onStoreError: ((error: unknown) => void) | undefined
  readonly #ask: Policy
  /** Until when the others are believed to find it failing, on the monotonic scale. */
  #othersOpenUntil = -Infinity
  #timer: Timer | undefined
  #used = false
  #asking: Promise<void> | undefined
  #askAgain = false
  #disposed = false

  constructor(options: SharedCircuitBreakerOptions) {
    const { quorum = 0.5, minimumVotes = 2, clock = systemClock } = options
    this.#own = circuitBreaker({ ...options, onChange: (event) => this.#onOwnChange(event) })
    this.name = this.#own.name
    this.#store = options.store
    this.#clock = clock
    this.#quorum = quorum
    this.#minimumVotes = minimumVotes
    this.#syncEvery = milliseconds(options.syncEvery ?? '2s')
    this.#ttl = milliseconds(options.ttl ?? '10s')
    this.#instance = options.instance ?? createIdGenerator({ clock, random: options.random })()
    this.#onChange = options.onChange
    this.#onStoreError = options.onStoreError
    refuse('quorum', quorum, quorum > 0 && quorum <= 1)
    refuse('minimumVotes', minimumVotes, Number.isInteger(minimumVotes) && minimumVotes >= 1)
    refuse('syncEvery', this.#syncEvery, this.#syncEvery >= 1)
    refuse('ttl', this.#ttl, this.#ttl > this.#syncEvery)
    this.#ask = policy(timeout(this.#syncEvery, { clock }))
    const guard = this.#own.guard!
    this.guard = {
      enter: (scope) => this.#enter(scope, guard),
      leave: (failed, error, entered, scope) => guard.leave(failed, error, entered, scope),
    }
    this.settings = { ...this.#own.settings, quorum, minimumVotes, syncEvery: this.#syncEvery, ttl: this.#ttl }
  }

  get state(): CircuitState {
    const own = this.#own.state
    return own === 'closed' && this.#othersOpen() ? 'open' : own
  }

  wrap(next: Operation): Operation {
    return runGuarded([this.guard], next)
  }

  open(): void {
    this.#own.open()
  }

  close(): void {
    this.#setOthersOpen(false)
    this.#own.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    this.#timer?.cancel()
    this.#setOthersOpen(false)
    const voted = this.#asking
    await voted
    if (voted === undefined && this.#timer === undefined) return
    await this.#reporting(() => this.#store.withdraw(this.name, this.#instance))
  }

  #enter(scope: Parameters<Guard['enter']>[0], own: Guard): unknown {
    this.#used = true
    if (this.#timer === undefined) this.#startVoting()
    // Its own open or half-open state comes first: the trial calls of those that saw it fail are what closes it for all.
    if (this.#othersOpenUntil !== -Infinity && this.#own.state === 'closed' && this.#othersOpen())
      throw resilienceErrors.CORE_CIRCUIT_OPEN({ name: this.name, retryAfterMs: this.#syncEvery, shared: true })
    return own.enter(scope)
  }

  #othersOpen(): boolean {
    return this.#clock.monotonic() < this.#othersOpenUntil
  }

  #startVoting(): void {
    if (this.#disposed) return
    this.#vote()
    this.#timer = this.#clock.setTimer(() => this.#onTick(), this.#syncEvery, { background: true })
  }

  #onTick(): void {
    this.#timer = undefined
    if (this.#othersOpenUntil !== -Infinity && !this.#othersOpen()) this.#setOthersOpen(false)
    const matters = this.#used || this.#own.state === 'open' || this.#othersOpen()
    this.#used = false
    if (matters) this.#startVoting()
  }

  /** One question at a time: a store that is slow must not be asked ever more. */
  #vote(): void {
    this.#askAgain = this.#asking !== undefined
    this.#asking ??= this.#askStore().finally(() => {
      this.#asking = undefined
      if (this.#askAgain && !this.#disposed) this.#vote()
    })
  }

  async #askStore(): Promise<void> {
    await this.#reporting(async () => {
      const vote = { circuit: this.name, instance: this.#instance, open: this.#own.state === 'open', ttl: this.#ttl }
      const began = this.#clock.monotonic()
      const tally = await this.#ask(({ signal }) => this.#store.vote(vote, { signal }))
      if (!this.#disposed) this.#setOthersOpen(this.#reachesQuorum(tally), began)
    })
  }

  #reachesQuorum({ live, open }: CircuitTally): boolean {
    return open >= Math.max(this.#minimumVotes, this.#quorum * live)
  }

  async #reporting(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#onStoreError?.(error)
    }
  }

  #setOthersOpen(open: boolean, asOf = 0): void {
    const was = this.#othersOpenUntil !== -Infinity
    this.#othersOpenUntil = open ? asOf + this.#ttl : -Infinity
    if (was === open || this.#own.state !== 'closed') return
    const [from, to] = open ? (['closed', 'open'] as const) : (['open', 'closed'] as const)
    this.#onChange?.({ name: this.name, from, to })
  }

  #onOwnChange(event: CircuitEvent): void {
    this.#onChange?.(event)
    if (!this.#disposed && event.to !== 'half-open') this.#vote()
  }
}

function refuse(option: string, value: number, valid: boolean): void {
  if (!valid) throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option, value })
}
