import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { BoundedCache } from './bounded-cache.ts'
import type { QueryResult, SqlRow } from './database.ts'
import { safeInteger } from './safe-integer.ts'
import type { BoundStatement } from './session.ts'

const countingVerbs = new Set(['insert', 'update', 'delete', 'replace', 'with'])

/** A statement, and whether it gives rows: asking SQLite for its columns costs as much as a small read. */
interface Prepared {
  readonly statement: StatementSync
  readonly givesRows: boolean
}

/** One open SQLite handle with its prepared statements. Its methods are synchronous and throw node:sqlite's errors. */
export class SqliteConnection {
  readonly handle: DatabaseSync
  readonly #statements: BoundedCache<string, Prepared>

  constructor(handle: DatabaseSync, statementCache: number) {
    this.handle = handle
    this.#statements = new BoundedCache(statementCache)
  }

  execute({ shape, values }: BoundStatement): QueryResult<SqlRow> {
    const { statement, givesRows } = this.#statements.take(shape.sql, (sql) => prepare(this.handle, sql))
    const bound = shape.order.map((number) => values[number - 1]!) as SQLInputValue[]
    if (givesRows) {
      const rows = statement.all(...bound).map((row) => plainRow(row))
      return { rows, count: rows.length }
    }
    // After a statement that changes no rows SQLite still reports the changes of the one before.
    const { changes } = statement.run(...bound)
    return { rows: [], count: countingVerbs.has(shape.verb) ? Number(changes) : 0 }
  }

  close(): void {
    this.#statements.clear()
    this.handle.close()
  }
}

function prepare(handle: DatabaseSync, sql: string): Prepared {
  const statement = handle.prepare(sql)
  statement.setReadBigInts(true)
  return { statement, givesRows: statement.columns().length > 0 }
}

function plainRow(row: Record<string, unknown>): SqlRow {
  const plain: SqlRow = {}
  for (const name in row) {
    const value = row[name]
    plain[name] = typeof value === 'bigint' ? safeInteger(value) : value
  }
  return plain
}
