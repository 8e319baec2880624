import type { BoundValue } from '../bind-values.ts'
import type { SqlRow, Transaction } from '../database.ts'
import { portableTypes } from '../portable-types.ts'
import { hostTransaction, refuseHost } from './host-transaction.ts'
import { mapPostgresJsError } from './postgres-js-errors.ts'
import { PostgresJsSavepoints } from './postgres-js-savepoints.ts'

/** A column of a postgres.js result. */
interface PostgresJsColumn {
  readonly name: string
  /** The number of its type in `pg_type`. */
  readonly type: number
}

/** What a query of postgres.js gives when it leaves the values as they came. */
type PostgresJsRawResult = ArrayLike<readonly (Uint8Array | null)[]> & {
  readonly columns?: readonly PostgresJsColumn[] | null
  readonly count: number | null
}

/** The members of postgres.js’ transaction that {@link fromPostgresJs} uses: what `sql.begin` passes to its callback. */
export interface PostgresJsTransactionLike {
  unsafe(text: string, parameters?: never[]): PromiseLike<unknown> & { raw(): PromiseLike<unknown> }
  typed(value: never, type: number): unknown
  savepoint(work: never): Promise<unknown>
}

/** The type "unknown" of `pg_type`: the server infers the real one, and postgres.js sends the text as it is. */
const inferredType = 705

/**
 * The transaction that postgres.js opened with `sql.begin`. Values are read and written as by `postgresDatabase`,
 * whatever types and transforms of values the host configured; `transform.column` still renames columns.
 *
 * A signal stops the waiting only; the statement goes on in the host's transaction, which should then be rolled back.
 *
 * Do not keep it beyond the callback: postgres.js lets statements of an ended transaction run by themselves.
 *
 * @throws `CORE_DATABASE_OPTIONS` when it is not inside `sql.begin`. Statements throw the errors of `databaseErrors`.
 * @example
 * ```ts no-run
 * import { fromPostgresJs } from '@exprsn/core/database'
 * import postgres from 'postgres'
 *
 * const sql = postgres()
 * await sql.begin(async (tx) => {
 *   await fromPostgresJs(tx).query('insert into orders values ($1, $2)', ['A-1001', 4990])
 * })
 * ```
 */
export function fromPostgresJs(sql: PostgresJsTransactionLike): Transaction {
  if (typeof sql?.savepoint !== 'function') refuseHost('fromPostgresJs takes the sql that sql.begin passes on')

  const savepoints = new PostgresJsSavepoints(sql)

  return hostTransaction({
    dialect: 'postgres',
    async run({ shape, values }) {
      const { current } = savepoints
      const parameters = values.map((value) => parameter(current, value)) as never[]
      const result = (await current.unsafe(shape.sql, parameters).raw()) as PostgresJsRawResult
      const columns = result.columns ?? []
      const rows = Array.from(result, (cells) => portableRow(columns, cells))
      return { rows, count: result.count ?? 0 }
    },
    control: (text) => savepoints.control(text),
    mapError: mapPostgresJsError,
  })
}

function parameter(sql: PostgresJsTransactionLike, value: BoundValue): unknown {
  if (value === null) return null
  const text = value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : String(value)
  return sql.typed(text as never, inferredType)
}

function portableRow(columns: readonly PostgresJsColumn[], cells: readonly (Uint8Array | null)[]): SqlRow {
  const row: SqlRow = {}
  for (const [index, { name, type }] of columns.entries()) {
    const cell = cells[index] ?? null
    row[name] = cell === null ? null : portableTypes.getTypeParser(type)(Buffer.from(cell).toString('utf8'))
  }
  return row
}
