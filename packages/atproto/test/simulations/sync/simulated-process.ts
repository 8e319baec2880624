import type { Database, Queryable, QueryResult, SqlValue, Transaction } from '@exprsn/core/database'
import { randomBelow } from '@exprsn/core'
import type { SeededRandom } from '@exprsn/core/testing'

/** What a process dies of. */
class Crash extends Error {}

/** A database as a process sees it that may crash at every call: before it, or after a commit that it never hears of. */
export class SimulatedProcess {
  readonly database: Database
  isDead = false
  /** One call in so many ends the process; 0 for none. */
  odds: number
  readonly #random: SeededRandom
  readonly #onCrash: (phase: string) => void

  constructor(
    real: Database,
    random: SeededRandom,
    options: {
      readonly odds: number
      readonly plant: (sql: string) => string
      readonly onCrash: (phase: string) => void
    },
  ) {
    this.#random = random
    this.#onCrash = options.onCrash
    this.odds = options.odds
    const query = async <Row>(on: Queryable, text: string, values?: readonly SqlValue[]): Promise<QueryResult<Row>> => {
      this.step('query')
      return on.query<Row>(options.plant(text), values)
    }
    const transaction = async <Result>(
      on: { transaction: Transaction['transaction'] },
      work: (tx: Transaction) => Promise<Result>,
      isOuter: boolean,
    ): Promise<Result> => {
      const result = await on.transaction(async (tx) => {
        const inside: Transaction = {
          dialect: tx.dialect,
          query: (text, values) => query(tx, text, values),
          transaction: (nested) => transaction(tx, nested, false),
        }
        const given = await work(inside)
        if (isOuter) this.step('before-commit')
        return given
      })
      if (isOuter) this.step('after-commit')
      return result
    }
    this.database = {
      dialect: real.dialect,
      query: (text, values) => query(real, text, values),
      transaction: (work) => transaction(real, work, true),
      close: async () => {},
      [Symbol.asyncDispose]: async () => {},
    }
  }

  /** A moment at which the process may end. */
  step(phase: string): void {
    if (this.isDead) throw new Crash('the process is dead')
    if (this.odds === 0 || randomBelow(this.#random, this.odds) > 0) return
    this.isDead = true
    this.#onCrash(phase)
    throw new Crash(phase)
  }
}
