import type { QueryResult, SqlRow } from './database.ts'
import type { BoundValue } from './bind-values.ts'
import type { SqlDialect } from './scan-sql.ts'
import type { StatementShape } from './read-statement.ts'

/** A statement that was checked and is ready to be sent. */
export interface BoundStatement {
  readonly shape: StatementShape
  readonly values: readonly BoundValue[]
}

/** One connection while a transaction owns it. */
export interface Session {
  readonly dialect: SqlDialect
  /** Checks a statement without sending anything. */
  bind(text: string, values: readonly unknown[]): BoundStatement
  run(statement: BoundStatement, signal: AbortSignal | undefined): Promise<QueryResult<SqlRow>>
  /** Sends a statement that controls the transaction. */
  control(text: string): Promise<void>
}
