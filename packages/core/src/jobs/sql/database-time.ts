import type { Clock } from '../../clock/clock.ts'
import type { Database, Queryable } from '../../database/database.ts'

/** How long a measured difference to the server's clock is trusted. */
const trusted = 60_000

/**
 * The time that all workers of one database share. On SQLite they stand on one machine: it is the clock's. On PostgreSQL
 * it is the server's, asked once a minute and carried on by the monotonic clock, so that neither the skew of a machine
 * nor a clock that is set while a lease runs makes workers disagree. It is exact to a round trip.
 */
export class DatabaseTime {
  readonly #database: Database
  readonly #clock: Clock
  readonly #statement: string
  #base = 0
  #measuredAt = Number.NEGATIVE_INFINITY

  constructor(database: Database, clock: Clock, statement: string) {
    this.#database = database
    this.#clock = clock
    this.#statement = statement
  }

  /** Milliseconds since 1970; asks the server when the last answer is old, through the transaction the caller is in. */
  async now(through: Queryable = this.#database): Promise<number> {
    if (this.#database.dialect === 'sqlite') return Math.floor(this.#clock.now())
    if (this.#clock.monotonic() - this.#measuredAt > trusted) await this.#measure(through)
    return Math.floor(this.#base + this.#clock.monotonic() - this.#measuredAt)
  }

  async #measure(through: Queryable): Promise<void> {
    const asked = this.#clock.monotonic()
    const { rows } = await through.query<{ now: number | string }>(this.#statement)
    const answered = this.#clock.monotonic()
    this.#base = Number(rows[0]!.now) + (answered - asked) / 2
    this.#measuredAt = answered
  }
}
