import type { AsyncLocalStorage } from 'node:async_hooks'
import type { QueryOptions, QueryResult, SqlRow, SqlValue, Transaction } from './database.ts'
import { databaseErrors } from './errors.ts'
import { reasonOf } from './reason-of.ts'
import type { Session } from './session.ts'
import { Turns, type Release } from './turns.ts'
import { untilAborted } from './until-aborted.ts'

/** Which transaction of a database the running code belongs to. */
export type InsideTransaction = AsyncLocalStorage<TransactionScope>

/** How a scope ends: statements for both ways. */
interface ScopeEnd {
  readonly keep: readonly string[]
  readonly undo: readonly string[]
}

const transactionEnd: ScopeEnd = { keep: ['commit'], undo: ['rollback'] }

/**
 * Runs work in a transaction that the session has begun already; commits or rolls back.
 *
 * The rules are PostgreSQL's on every engine: a statement that fails aborts its transaction or savepoint, also when the
 * caller swallows the error.
 */
export function runTransaction<Result>(
  session: Session,
  inside: InsideTransaction,
  work: (tx: Transaction) => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  return new TransactionScope(session, inside, undefined, signal).perform(work, transactionEnd)
}

/** An open transaction or savepoint. Its statements and savepoints take turns, in the order they were asked for. */
export class TransactionScope implements Transaction {
  readonly dialect: Session['dialect']
  readonly #session: Session
  readonly #inside: InsideTransaction
  readonly #parent: TransactionScope | undefined
  readonly #signal: AbortSignal | undefined
  readonly #turns = new Turns()
  readonly #depth: number
  #state: 'open' | 'closing' | 'ended' = 'open'
  #failure: { readonly cause: unknown } | undefined

  constructor(
    session: Session,
    inside: InsideTransaction,
    parent: TransactionScope | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.dialect = session.dialect
    this.#session = session
    this.#inside = inside
    this.#parent = parent
    this.#signal = signal
    this.#depth = parent === undefined ? 0 : parent.#depth + 1
  }

  /** Whether its statements may still run. */
  get alive(): boolean {
    return this.#state !== 'ended' && (this.#parent?.alive ?? true)
  }

  async query<Row = SqlRow>(
    text: string,
    values: readonly SqlValue[] = [],
    options: QueryOptions = {},
  ): Promise<QueryResult<Row>> {
    this.#assertOpen()
    const statement = this.#session.bind(text, values)
    const release = await this.#takeTurn(options.signal)
    try {
      const result = await this.#session.run(statement, eitherSignal(this.#signal, options.signal))
      return result as QueryResult<Row>
    } catch (error) {
      this.#failure ??= { cause: error }
      throw error
    } finally {
      release()
    }
  }

  async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    this.#assertOpen()
    const release = await this.#takeTurn(undefined)
    const name = `exprsn_${this.#depth + 1}`
    try {
      await this.#control(`savepoint ${name}`)
      const nested = new TransactionScope(this.#session, this.#inside, this, this.#signal)
      return await nested.perform(work, {
        keep: [`release savepoint ${name}`],
        undo: [`rollback to savepoint ${name}`, `release savepoint ${name}`],
      })
    } finally {
      release()
    }
  }

  /** Runs the work, then ends this scope once what was asked of it before has been done. */
  async perform<Result>(work: (tx: Transaction) => Promise<Result>, end: ScopeEnd): Promise<Result> {
    let result: Result
    try {
      const running = this.#inside.run(this, async () => work(this))
      result = await untilAborted(running, this.#signal)
    } catch (error) {
      this.#state = 'ended'
      const release = await this.#turns.take()
      await this.#undo(end).finally(release)
      throw error
    }
    this.#state = 'closing'
    const release = await this.#turns.take()
    this.#state = 'ended'
    try {
      await this.#keep(end)
    } finally {
      release()
    }
    return result
  }

  async #keep(end: ScopeEnd): Promise<void> {
    if (this.#failure !== undefined) {
      await this.#undo(end)
      throw aborted(this.#failure.cause)
    }
    try {
      for (const statement of end.keep) await this.#session.control(statement)
    } catch (error) {
      await this.#undo(end)
      throw error
    }
  }

  /** When even this fails, the connection is beyond use, and so is the scope around: the first error is what counts. */
  async #undo(end: ScopeEnd): Promise<void> {
    try {
      for (const statement of end.undo) await this.#session.control(statement)
    } catch (error) {
      if (this.#parent !== undefined) this.#parent.#failure ??= { cause: this.#failure?.cause ?? error }
    }
  }

  async #control(statement: string): Promise<void> {
    try {
      await this.#session.control(statement)
    } catch (error) {
      this.#failure ??= { cause: error }
      throw error
    }
  }

  #assertOpen(): void {
    if (this.#state !== 'open' || !this.alive) throw databaseErrors.CORE_DATABASE_TRANSACTION_ENDED()
    const current = this.#inside.getStore()
    if (current !== undefined && current.alive && current.#isWithin(this))
      throw databaseErrors.CORE_DATABASE_TRANSACTION_INNER()
  }

  async #takeTurn(signal: AbortSignal | undefined): Promise<Release> {
    const release = await this.#turns.take(signal)
    try {
      signal?.throwIfAborted()
      if (!this.alive) throw databaseErrors.CORE_DATABASE_TRANSACTION_ENDED()
      if (this.#failure !== undefined) throw aborted(this.#failure.cause)
      return release
    } catch (error) {
      release()
      throw error
    }
  }

  #isWithin(other: TransactionScope): boolean {
    for (let outer = this.#parent; outer !== undefined; outer = outer.#parent) if (outer === other) return true
    return false
  }
}

function aborted(cause: unknown): Error {
  return databaseErrors.CORE_DATABASE_TRANSACTION_ABORTED({ reason: reasonOf(cause) }, { cause })
}

function eitherSignal(first: AbortSignal | undefined, second: AbortSignal | undefined): AbortSignal | undefined {
  if (first === undefined || second === undefined) return first ?? second
  return AbortSignal.any([first, second])
}
