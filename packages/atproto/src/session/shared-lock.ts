import { createId, milliseconds, sleep, type Clock, type Duration, type Random } from '@exprsn/core'
import { tableNames, type Database, type MigrationNaming } from '@exprsn/core/database'
import { sessionErrors } from './errors.ts'

const shortestWait = 20
const longestWait = 200
const patience = 120_000

/** Runs work under a name one at a time, in this process and in all others that share the database. */
export class SharedLock {
  readonly #database: Database
  readonly #clock: Clock
  readonly #random: Random
  readonly #lease: number
  readonly #queues = new Map<string, Promise<unknown>>()
  readonly #acquire: string
  readonly #renew: string
  readonly #release: string

  constructor(
    database: Database,
    options: { readonly clock: Clock; readonly random: Random; readonly lease: Duration } & MigrationNaming,
  ) {
    this.#database = database
    this.#clock = options.clock
    this.#random = options.random
    this.#lease = milliseconds(options.lease)
    const table = tableNames(database.dialect, options).table('oauth_lock')
    this.#acquire = `insert into ${table} as held (name, holder, until) values ($1, $2, $3)
on conflict (name) do update set holder = excluded.holder, until = excluded.until where held.until < $4`
    this.#renew = `update ${table} set until = $3 where name = $1 and holder = $2`
    this.#release = `delete from ${table} where name = $1 and holder = $2`
  }

  /** Those of one process wait for each other first, so that the table is asked by one at a time. */
  run<Result>(name: string, work: () => Result | PromiseLike<Result>): Promise<Result> {
    const before = this.#queues.get(name) ?? Promise.resolve()
    const running = before.then(() => this.#runHeld(name, work))
    const settled = running.catch(() => undefined)
    this.#queues.set(name, settled)
    void settled.then(() => {
      if (this.#queues.get(name) === settled) this.#queues.delete(name)
    })
    return running
  }

  async #runHeld<Result>(name: string, work: () => Result | PromiseLike<Result>): Promise<Result> {
    const holder = createId()
    await this.#take(name, holder)
    const done = new AbortController()
    void this.#keep(name, holder, done.signal)
    try {
      return await work()
    } finally {
      done.abort()
      await this.#database.query(this.#release, [name, holder]).catch(() => undefined)
    }
  }

  async #take(name: string, holder: string): Promise<void> {
    const giveUpAt = this.#clock.now() + patience
    for (;;) {
      const now = this.#clock.now()
      const { count } = await this.#database.query(this.#acquire, [name, holder, now + this.#lease, now])
      if (count > 0) return
      if (now > giveUpAt) throw sessionErrors.ATPROTO_OAUTH_LOCK_LOST({ name })
      const wait = shortestWait + (this.#random.uint32() % (longestWait - shortestWait))
      await sleep(wait, { clock: this.#clock })
    }
  }

  /** A process that dies leaves the lock to whoever comes when the lease is over. */
  async #keep(name: string, holder: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#lease / 3, { clock: this.#clock, signal, background: true }).catch(() => undefined)
      if (signal.aborted) return
      await this.#database.query(this.#renew, [name, holder, this.#clock.now() + this.#lease]).catch(() => undefined)
    }
  }
}
