import type { Clock, Timer } from '@exprsn/core'
import { databaseErrors, type Database, type Queryable, type SqlValue, type Transaction } from '@exprsn/core/database'
import type { SeededRandom, SimulatedClock } from '@exprsn/core/testing'

/** A change to what a process sends to the database, or gets from it: how bugs are planted without touching the product. */
export interface Sabotage {
  readonly statement?: ((text: string) => string) | undefined
  readonly row?: ((row: Record<string, unknown>) => Record<string, unknown>) | undefined
  /** Runs what belongs into one transaction as separate statements. */
  readonly noTransactions?: boolean | undefined
  /** The monotonic clock stands still. */
  readonly frozenMonotonic?: boolean | undefined
}

/**
 * A process on the simulated machine: its own clock and connection, both of which stop answering when it is stopped or
 * killed. What it had sent to the database before still takes effect.
 */
export class SimulatedProcess {
  readonly clock: Clock
  readonly database: Database
  readonly #world: SimulatedClock
  readonly #random: SeededRandom
  readonly #shared: Database
  readonly #sabotage: Sabotage
  readonly #faults: Record<string, number>
  #deferred: (() => void)[] = []
  state: 'running' | 'stopped' | 'killed' = 'running'
  isPartitioned = false
  /** Wall clock minus true time, in milliseconds. */
  skew = 0
  /** Until when leases may be around that it wrote by a clock that was wrong. */
  distrustedUntil = 0
  /** Chance that the answer to a statement or commit is lost. */
  lostAnswers = 0

  constructor(
    world: SimulatedClock,
    random: SeededRandom,
    shared: Database,
    faults: Record<string, number>,
    sabotage: Sabotage,
  ) {
    this.#world = world
    this.#random = random
    this.#shared = shared
    this.#faults = faults
    this.#sabotage = sabotage
    this.clock = {
      now: () => world.now() + this.skew,
      monotonic: () => (sabotage.frozenMonotonic === true ? 0 : world.monotonic()),
      setTimer: (callback, delay, options) => this.#setTimer(callback, delay, options),
    }
    this.database = this.#connect()
  }

  stop(): void {
    if (this.state === 'running') this.state = 'stopped'
  }

  continue(): void {
    if (this.state !== 'stopped') return
    this.state = 'running'
    const deferred = this.#deferred
    this.#deferred = []
    for (const callback of deferred) callback()
  }

  kill(): void {
    this.state = 'killed'
    this.#deferred = []
  }

  /** Sets its clock right; what it wrote by the wrong one stays for the length of a lease. */
  setRight(lease: number): void {
    if (this.skew === 0) return
    this.skew = 0
    this.distrustedUntil = this.#world.now() + lease
  }

  get isTrusted(): boolean {
    return Math.abs(this.skew) < 500 && this.#world.now() >= this.distrustedUntil
  }

  #setTimer(callback: () => void, delay: number, options: Parameters<Clock['setTimer']>[2]): Timer {
    let isCancelled = false
    const timer = this.#world.setTimer(() => this.#whenRunning(() => isCancelled || callback()), delay, options)
    return {
      cancel: () => {
        isCancelled = true
        timer.cancel()
      },
    }
  }

  #whenRunning(callback: () => void): void {
    if (this.state === 'running') callback()
    else if (this.state === 'stopped') this.#deferred.push(() => this.#whenRunning(callback))
  }

  #connect(): Database {
    const { noTransactions = false } = this.#sabotage
    return {
      dialect: 'sqlite',
      query: (text, values) => this.#call(() => this.#query(this.#shared, text, values), 'write'),
      transaction: (work) =>
        noTransactions
          ? work(this.#inTransaction(this.#shared))
          : this.#call(() => this.#shared.transaction((tx) => work(this.#inTransaction(tx))), 'commit'),
      close: async () => {},
      [Symbol.asyncDispose]: async () => {},
    }
  }

  #inTransaction(tx: Queryable): Transaction {
    const query = async (text: string, values?: readonly SqlValue[]): Promise<never> => {
      // A killed process never commits: its connection breaks.
      await this.#pause()
      if (this.state === 'killed') throw databaseErrors.CORE_DATABASE_CONNECTION_LOST({ reason: 'killed' })
      return this.#query(tx, text, values)
    }
    return { dialect: 'sqlite', query, transaction: (work) => work(this.#inTransaction(tx)) }
  }

  async #query(target: Queryable, text: string, values?: readonly SqlValue[]): Promise<never> {
    const { statement = (same) => same, row = (same) => same } = this.#sabotage
    const result = await target.query(statement(text), values)
    return { ...result, rows: result.rows.map((each) => row(each)) } as never
  }

  /** The way to the database and back. */
  #call<Result>(work: () => Promise<Result>, phase: 'write' | 'commit'): Promise<Result> {
    return new Promise((resolve, reject) => {
      const answer = (callback: () => void): void => void this.#pause().then(() => this.#whenRunning(callback))
      const send = (): void => {
        if (this.state === 'killed') return
        if (this.isPartitioned) {
          this.#faults.partition = (this.#faults.partition ?? 0) + 1
          return answer(() => reject(databaseErrors.CORE_DATABASE_UNREACHABLE({ reason: 'partition' })))
        }
        work().then(
          (result) => answer(() => (this.#losesAnswer(phase) ? reject(lostAnswer()) : resolve(result))),
          (error: unknown) => answer(() => reject(error as Error)),
        )
      }
      void this.#pause().then(() => this.#whenRunning(send))
    })
  }

  #losesAnswer(phase: string): boolean {
    if (this.#random.uint32() / 2 ** 32 >= this.lostAnswers) return false
    const fault = `lost-answer/${phase}`
    this.#faults[fault] = (this.#faults[fault] ?? 0) + 1
    return true
  }

  #pause(): Promise<void> {
    const latency = this.#random.uint32() % 12
    return new Promise((resolve) => void this.#world.setTimer(resolve, latency, { background: true }))
  }
}

function lostAnswer(): Error {
  return databaseErrors.CORE_DATABASE_OUTCOME_UNKNOWN({ reason: 'the answer was lost' })
}
