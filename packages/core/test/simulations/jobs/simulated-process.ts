import type { Clock } from '@exprsn/core'
import { databaseErrors, type Database, type Queryable, type Transaction } from '@exprsn/core/database'
import type { SeededRandom, SimulatedClock } from '@exprsn/core/testing'

/** What may happen to a process, as one chance in so many calls of the database; 0 for never. */
export interface ProcessFaults {
  readonly crash: number
  readonly busy: number
  readonly stall: number
}

/** A new one each time: what waits for one that is shared is kept for ever. */
const never = (): Promise<never> => new Promise(() => {})

/** One process of the host: its own view of time and of the database, which ends when it crashes. */
export class SimulatedProcess {
  readonly clock: Clock
  readonly database: Database
  /** Swapped for calm when the faults shall end. */
  faults: ProcessFaults
  readonly #clock: SimulatedClock
  readonly #random: SeededRandom
  readonly #hit: (fault: string) => void
  readonly #onCrash: () => void
  readonly #plant: (sql: string) => string
  readonly #crashed: Promise<void>
  #announce = (): void => {}
  #dead = false
  #stalledUntil = 0

  constructor(options: {
    readonly real: Database
    readonly clock: SimulatedClock
    readonly random: SeededRandom
    readonly faults: ProcessFaults
    readonly hit: (fault: string) => void
    readonly onCrash: () => void
    readonly plant: (sql: string) => string
  }) {
    this.#clock = options.clock
    this.#random = options.random
    this.#hit = options.hit
    this.#onCrash = options.onCrash
    this.#plant = options.plant
    this.faults = options.faults
    this.#crashed = new Promise((resolve) => (this.#announce = resolve))
    this.clock = this.#processClock()
    this.database = this.#processDatabase(options.real)
  }

  get dead(): boolean {
    return this.#dead
  }

  /** Whether it is stopped, as by SIGSTOP. */
  get stalled(): boolean {
    return this.#clock.monotonic() < this.#stalledUntil
  }

  /** A point at which anything may happen. What crashed never goes on. */
  async step(phase: string): Promise<void> {
    if (this.#dead) return never()
    if (this.#strikes(this.faults.crash)) return this.#crash(phase)
    if (this.#strikes(this.faults.busy)) {
      this.#hit(`busy/${phase}`)
      throw databaseErrors.CORE_DATABASE_BUSY({ reason: 'simulated' })
    }
    if (this.#strikes(this.faults.stall)) {
      this.#hit(`stall/${phase}`)
      this.#stalledUntil = this.#clock.monotonic() + 1_000 + (this.#random.uint32() % 60_000)
    }
    const wait = Math.max(0, this.#stalledUntil - this.#clock.monotonic())
    if (wait > 0) await new Promise<void>((resolve) => this.#clock.setTimer(resolve, wait))
    if (this.#dead) return never()
  }

  #crash(phase: string): Promise<never> {
    this.#dead = true
    this.#hit(`crash/${phase}`)
    this.#announce()
    this.#onCrash()
    return never()
  }

  #strikes(chance: number): boolean {
    return chance > 0 && this.#random.uint32() % chance === 0
  }

  #processClock(): Clock {
    const clock = this.#clock
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      setTimer: (callback, delay, options) => {
        const fire = (): void => {
          if (this.#dead) return
          const wait = this.#stalledUntil - clock.monotonic()
          if (wait > 0) timer = clock.setTimer(fire, wait, options)
          else callback()
        }
        let timer = clock.setTimer(fire, delay, options)
        return { cancel: () => timer.cancel() }
      },
    }
  }

  #processDatabase(real: Database): Database {
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

  /** The work before it, and the answer after it, may get lost. */
  async #call<Result>(phase: string, work: () => Promise<Result>): Promise<Result> {
    await this.step(`before-${phase}`)
    let result: Result
    try {
      result = await work()
    } catch (error) {
      if (this.#dead) return never()
      throw error
    }
    if (this.#dead || this.#strikes(this.faults.crash)) return this.#dead ? never() : this.#crash(`after-${phase}`)
    return result
  }

  /** A transaction whose process crashed is rolled back by the engine. */
  async #inside<Result>(tx: Transaction, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const view: Transaction = {
      dialect: tx.dialect,
      query: async (text, values, options) => {
        await this.step('in-transaction')
        return (tx as Queryable).query(this.#plant(text), values, options) as never
      },
      transaction: (inner) => tx.transaction((nested) => this.#inside(nested, inner)),
    }
    const crashed = this.#crashed.then(() => Promise.reject(new Error('crashed')))
    crashed.catch(() => {})
    return Promise.race([work(view), crashed])
  }
}
