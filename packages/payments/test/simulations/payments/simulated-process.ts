import type { Clock } from '@exprsn/core'
import { databaseErrors, type Database, type Queryable, type Transaction } from '@exprsn/core/database'
import type { SeededRandom } from '@exprsn/core/testing'

/** A new one each time: what waits for one that is shared is kept for ever. */
const never = (): Promise<never> => new Promise(() => {})

/** One process of the host: it may end at every await, find the database busy, and have a clock that is wrong. */
export class SimulatedProcess {
  readonly database: Database
  readonly clock: Clock
  /** Resolves when it has ended. */
  readonly ended: Promise<void>
  #end = (): void => {}
  #dead = false
  #busyNext = false
  readonly #random: SeededRandom
  readonly #hit: (fault: string) => void
  readonly #calm: () => boolean
  readonly #plant: (sql: string) => string

  constructor(options: {
    readonly real: Database
    readonly clock: Clock
    readonly skew: () => number
    readonly random: SeededRandom
    readonly hit: (fault: string) => void
    readonly calm: () => boolean
    readonly plant: (sql: string) => string
  }) {
    const { real, clock, skew } = options
    this.#random = options.random
    this.#hit = options.hit
    this.#calm = options.calm
    this.#plant = options.plant
    this.ended = new Promise((resolve) => (this.#end = resolve))
    this.clock = {
      now: () => clock.now() + skew(),
      monotonic: () => clock.monotonic(),
      setTimer: (callback, delay, timer) => clock.setTimer(callback, delay, timer),
    }
    this.database = this.#databaseOver(real)
  }

  get dead(): boolean {
    return this.#dead
  }

  /** Its next transaction finds the database busy. */
  findBusy(): void {
    this.#busyNext = true
  }

  /** A point at which anything may happen. What has ended never goes on. */
  async step(phase: string): Promise<void> {
    if (this.#dead) return never()
    if (this.#calm()) return
    if (this.#random.uint32() % 150 === 0) return this.#crash(phase)
    if (phase.startsWith('before-') && phase !== 'before-call' && this.#random.uint32() % 60 === 0) {
      this.#hit('busy')
      throw databaseErrors.CORE_DATABASE_BUSY({ reason: 'simulated' })
    }
  }

  #crash(phase: string): Promise<never> {
    this.#dead = true
    this.#hit(`crash/${phase}`)
    this.#end()
    return never()
  }

  #databaseOver(real: Database): Database {
    const close = async (): Promise<void> => {}
    return {
      dialect: real.dialect,
      query: (text, values, options) =>
        this.#call('query', () => real.query(this.#plant(text), values, options)) as never,
      transaction: (work) => this.#call('transaction', () => real.transaction((tx) => this.#inside(tx, work))),
      close,
      [Symbol.asyncDispose]: close,
    }
  }

  async #call<Result>(phase: string, work: () => Promise<Result>): Promise<Result> {
    if (phase === 'transaction' && this.#busyNext) {
      this.#busyNext = false
      this.#hit('event-delayed')
      throw databaseErrors.CORE_DATABASE_BUSY({ reason: 'simulated' })
    }
    await this.step(`before-${phase}`)
    let result: Result
    try {
      result = await work()
    } catch (error) {
      if (this.#dead) return never()
      throw error
    }
    await this.step(`after-${phase}`)
    return result
  }

  /** A transaction whose process ended is rolled back. */
  async #inside<Result>(tx: Transaction, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const view: Transaction = {
      dialect: tx.dialect,
      query: async (text, values, options) => {
        await this.step('in-transaction')
        return (tx as Queryable).query(this.#plant(text), values, options) as never
      },
      transaction: (inner) => tx.transaction((nested) => this.#inside(nested, inner)),
    }
    const ended = this.ended.then(() => Promise.reject(new Error('ended')))
    ended.catch(() => {})
    return Promise.race([work(view), ended])
  }
}
