import { AsyncLocalStorage } from 'node:async_hooks'
import type { ExprsnError } from '../../errors/exprsn-error.ts'
import { bindValues } from '../bind-values.ts'
import { BoundedCache } from '../bounded-cache.ts'
import type { QueryResult, SqlRow, Transaction } from '../database.ts'
import { databaseErrors } from '../errors.ts'
import { readStatement, type StatementShape } from '../read-statement.ts'
import type { SqlDialect } from '../scan-sql.ts'
import type { BoundStatement } from '../session.ts'
import { TransactionScope, type InsideTransaction } from '../transaction-scope.ts'
import { untilAborted } from '../until-aborted.ts'

/** What an adapter knows of the host's library. Both functions throw the library's own errors. */
export interface HostConnection {
  readonly dialect: SqlDialect
  run(statement: BoundStatement): Promise<QueryResult<SqlRow>>
  /** Sends `savepoint …` and its like. */
  control(text: string): Promise<unknown>
  mapError(error: unknown): ExprsnError
}

const shapes: Readonly<Record<SqlDialect, BoundedCache<string, StatementShape>>> = {
  sqlite: new BoundedCache(256),
  postgres: new BoundedCache(256),
}

/** The host's open transaction behind the port; its beginning and its end stay with the host. */
export function hostTransaction({ dialect, run, control, mapError }: HostConnection): Transaction {
  const inside: InsideTransaction = new AsyncLocalStorage()

  async function mapped<Result>(work: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    try {
      signal?.throwIfAborted()
      return await untilAborted(work(), signal)
    } catch (error) {
      throw signal?.aborted && error === signal.reason ? error : mapError(error)
    }
  }

  const session = {
    dialect,
    bind: (text: string, values: readonly unknown[]) => {
      const shape = shapes[dialect].take(text, (key) => readStatement(key, dialect))
      return { shape, values: bindValues(values, shape.parameters) }
    },
    run: (statement: BoundStatement, signal: AbortSignal | undefined) => mapped(async () => run(statement), signal),
    control: async (text: string) => {
      await mapped(async () => control(text), undefined)
    },
  }
  return new TransactionScope(session, inside, undefined, undefined)
}

/** Refuses what was passed instead of an open transaction. */
export function refuseHost(reason: string): never {
  throw databaseErrors.CORE_DATABASE_OPTIONS({ reason })
}
