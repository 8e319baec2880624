import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database, QueryResult, SqlRow, Transaction } from './database.ts'
import { bindValues } from './bind-values.ts'
import { BoundedCache } from './bounded-cache.ts'
import { databaseErrors } from './errors.ts'
import { Lease } from './lease.ts'
import { readStatement, type StatementShape } from './read-statement.ts'
import type { SqlDialect } from './scan-sql.ts'
import type { BoundStatement } from './session.ts'
import type { TransactionScope } from './transaction-scope.ts'

/** What an engine does behind {@link databaseFront}. */
export interface DatabaseEngine {
  readonly dialect: SqlDialect
  /** How many statements' shapes are kept. */
  readonly statementCache: number
  /** Runs a statement outside transactions. */
  query(statement: BoundStatement, signal: AbortSignal | undefined): Promise<QueryResult<SqlRow>>
  /** Runs work in a transaction whose scope is entered through `inside`. */
  transaction<Result>(
    work: (tx: Transaction) => Promise<Result>,
    signal: AbortSignal | undefined,
    front: Pick<DatabaseFront, 'inside' | 'bind'>,
  ): Promise<Result>
  /** Closes what the engine opened itself; called once, when nothing runs. */
  close(): Promise<void>
}

/** What engines use of their front. */
export interface DatabaseFront {
  readonly inside: AsyncLocalStorage<TransactionScope>
  bind(text: string, values: readonly unknown[]): BoundStatement
}

/**
 * The port over an engine: everything that holds for all of them. Values are bound before anything is sent, nothing runs
 * after the end, and nothing of the database itself inside one of its transactions.
 */
export function databaseFront(engine: DatabaseEngine): Database {
  const { dialect } = engine
  const inside = new AsyncLocalStorage<TransactionScope>()
  const shapes = new BoundedCache<string, StatementShape>(engine.statementCache)
  const lease = new Lease()

  function bind(text: string, values: readonly unknown[]): BoundStatement {
    const shape = shapes.take(text, (key) => readStatement(key, dialect))
    return { shape, values: bindValues(values, shape.parameters) }
  }

  function refuseInside(): void {
    if (inside.getStore()?.alive) throw databaseErrors.CORE_DATABASE_TRANSACTION_OUTSIDE()
  }

  async function close(): Promise<void> {
    refuseInside()
    return lease.close(() => engine.close())
  }

  return {
    dialect,
    query: <Row>(
      text: string,
      values: readonly unknown[] = [],
      { signal }: { signal?: AbortSignal | undefined } = {},
    ) =>
      lease.during(async () => {
        refuseInside()
        const statement = bind(text, values)
        signal?.throwIfAborted()
        return (await engine.query(statement, signal)) as QueryResult<Row>
      }),
    transaction: (work, { signal } = {}) =>
      lease.during(async () => {
        refuseInside()
        signal?.throwIfAborted()
        return engine.transaction(work, signal, { inside, bind })
      }),
    close,
    [Symbol.asyncDispose]: close,
  }
}
