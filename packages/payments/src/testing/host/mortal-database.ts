import { randomBelow, type Random } from '@exprsn/core'
import { databaseErrors, type Database, type Queryable, type Transaction } from '@exprsn/core/database'

/** A new one each time: what waits for one that is shared is kept for ever. */
const never = (): Promise<never> => new Promise(() => {})

/** One process's view of a database. The process may end before and after every statement; what it had open is rolled back. */
export class MortalDatabase {
  readonly view: Database
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>
  #end = (): void => {}
  #dead = false
  readonly #random: Random
  readonly #chances: () => { readonly crash: number; readonly busy: number }
  readonly #hit: (fault: string) => void

  /** @param options.chances One in so many statements; 0 for never. */
  constructor(options: {
    readonly real: Database
    readonly random: Random
    readonly chances: () => { readonly crash: number; readonly busy: number }
    readonly hit: (fault: string) => void
  }) {
    this.#random = options.random
    this.#chances = options.chances
    this.#hit = options.hit
    this.ended = new Promise((resolve) => (this.#end = resolve))
    this.view = this.#viewOf(options.real)
  }

  get dead(): boolean {
    return this.#dead
  }

  #viewOf(real: Database): Database {
    const close = async (): Promise<void> => {}
    return {
      dialect: real.dialect,
      query: (text, values, options) => this.#call(() => real.query(text, values, options)) as never,
      transaction: (work) => this.#call(() => real.transaction((tx) => this.#inside(tx, work))),
      close,
      [Symbol.asyncDispose]: close,
    }
  }

  async #call<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#step('before')
    if (this.#strikes(this.#chances().busy)) {
      this.#hit('database/busy')
      throw databaseErrors.CORE_DATABASE_BUSY({ reason: 'simulated' })
    }
    const result = await work().catch((error: unknown) => {
      if (this.#dead) return never()
      throw error
    })
    await this.#step('after')
    return result
  }

  async #inside<Result>(tx: Transaction, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const view: Transaction = {
      dialect: tx.dialect,
      query: async (text, values, options) => {
        await this.#step('inside')
        return (tx as Queryable).query(text, values, options) as never
      },
      transaction: (inner) => tx.transaction((nested) => this.#inside(nested, inner)),
    }
    const ended = this.ended.then(() => Promise.reject(databaseErrors.CORE_DATABASE_BUSY({ reason: 'it ended' })))
    ended.catch(() => {})
    return Promise.race([work(view), ended])
  }

  /** A point at which the process may end. What has ended never goes on. */
  async #step(phase: string): Promise<void> {
    if (this.#dead) return never()
    if (!this.#strikes(this.#chances().crash)) return
    this.#dead = true
    this.#hit(`crash/${phase}-statement`)
    this.#end()
    return never()
  }

  #strikes(chance: number): boolean {
    return chance > 0 && randomBelow(this.#random, chance) === 0
  }
}
