import type { SqlRow, Transaction } from '../database.ts'
import { databaseErrors } from '../errors.ts'
import { portableTypes } from '../portable-types.ts'
import { mapPostgresError } from '../postgres-errors.ts'
import { postgresParameter } from '../postgres-parameter.ts'
import { safeInteger } from '../safe-integer.ts'
import type { SqlDialect } from '../scan-sql.ts'
import type { BoundStatement } from '../session.ts'
import { mapHostSqliteError } from './host-sqlite-errors.ts'
import { hostTransaction, refuseHost } from './host-transaction.ts'

/** A compiled query of Kysely that holds plain SQL. */
export interface KyselyCompiledQuery {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly query: {
    readonly kind: 'RawNode'
    readonly sqlFragments: readonly string[]
    readonly parameters: readonly []
  }
  readonly queryId: { readonly queryId: string }
}

/** The members of a Kysely transaction that {@link fromKysely} uses. */
export interface KyselyTransactionLike {
  readonly isTransaction: boolean
  withoutPlugins(): {
    executeQuery(query: never): Promise<{ readonly rows: unknown[]; readonly numAffectedRows?: bigint | undefined }>
  }
  getExecutor(): {
    readonly adapter: { readonly supportsTransactionalDdl?: boolean; readonly supportsReturning?: boolean }
  }
}

/** Options of {@link fromKysely}. */
export interface FromKyselyOptions {
  /** What the transaction speaks. @default what Kysely's dialect says of itself */
  readonly dialect?: SqlDialect | undefined
}

/**
 * The host's open Kysely transaction, over `PostgresDialect` (`pg`) or `SqliteDialect` (better-sqlite3 or alike). The
 * host's plugins leave its statements alone, and on PostgreSQL values are read and written as by `postgresDatabase`.
 * With SQLite the host's handle decides how integers beyond 2⁵³ come.
 *
 * A signal stops the waiting only; the statement goes on in the host's transaction, which should then be rolled back.
 *
 * @throws `CORE_DATABASE_OPTIONS` when it is no transaction, or Kysely sits on another PostgreSQL driver than `pg`.
 * Statements throw the errors of `databaseErrors`.
 * @example
 * ```ts no-run
 * import { fromKysely, type KyselyTransactionLike } from '@exprsn/core/database'
 *
 * declare const db: { transaction(): { execute(work: (trx: KyselyTransactionLike) => Promise<void>): Promise<void> } }
 * await db.transaction().execute(async (trx) => {
 *   await fromKysely(trx).query('insert into orders values ($1, $2)', ['A-1001', 4990])
 * })
 * ```
 */
export function fromKysely(trx: KyselyTransactionLike, options: FromKyselyOptions = {}): Transaction {
  if (trx?.isTransaction !== true) refuseHost('fromKysely takes the trx of db.transaction() or startTransaction()')
  const dialect = options.dialect ?? dialectOf(trx)
  const plain = trx.withoutPlugins()
  const send = (sql: string, parameters: readonly unknown[]) => plain.executeQuery(rawQuery(sql, parameters) as never)

  return hostTransaction({
    dialect,
    run: (statement) => (dialect === 'postgres' ? runOnPostgres(send, statement) : runOnSqlite(send, statement)),
    control: (text) => send(text, []),
    mapError: (error) => mapKyselyError(error, dialect),
  })
}

type Send = (
  sql: string,
  parameters: readonly unknown[],
) => Promise<{ readonly rows: unknown[]; readonly numAffectedRows?: bigint | undefined }>

/** Of Kysely's own dialects these two know `returning`; SQLite's calls its schema changes not transactional. */
function dialectOf(trx: KyselyTransactionLike): SqlDialect {
  const { supportsReturning, supportsTransactionalDdl } = trx.getExecutor().adapter
  if (!supportsReturning) refuseHost('this dialect of Kysely is neither PostgreSQL nor SQLite')
  return supportsTransactionalDdl ? 'postgres' : 'sqlite'
}

let queries = 0

function rawQuery(sql: string, parameters: readonly unknown[]): KyselyCompiledQuery {
  return {
    sql,
    parameters,
    query: { kind: 'RawNode', sqlFragments: [String(sql)], parameters: [] },
    queryId: { queryId: `exprsn_${++queries}` },
  }
}

async function runOnPostgres(send: Send, { shape, values }: BoundStatement) {
  const text = new TypedText(shape.sql)
  const { rows, numAffectedRows } = await send(text as unknown as string, values.map(postgresParameter))
  if (rows.length > 0 && !text.readByPg && Object.keys(rows[0] as SqlRow).length > 0)
    refuseHost('fromKysely reads PostgreSQL through the driver pg only')
  return { rows: rows as SqlRow[], count: Number(numAffectedRows ?? rows.length) }
}

/**
 * Kysely hands a query's text to `pg` as it is, and `pg` takes an object with `text` and `types` in its place. So the
 * result is read by the types of its columns; from values that the host's parsers made, a bigint and a text of digits
 * could not be told apart. It stays a string for whoever logs queries.
 */
class TypedText extends String {
  readonly text: string
  readonly types: typeof portableTypes
  /** Whether `pg` asked how to read a column. */
  readByPg = false

  constructor(text: string) {
    super(text)
    this.text = text
    this.types = {
      getTypeParser: (oid) => {
        this.readByPg = true
        return portableTypes.getTypeParser(oid)
      },
    }
  }
}

const countingVerbs = new Set(['insert', 'update', 'delete', 'replace', 'with'])

async function runOnSqlite(send: Send, { shape, values }: BoundStatement) {
  const parameters = shape.order.map((number) => values[number - 1]!)
  const result = await send(shape.sql, parameters)
  const rows = (result.rows as SqlRow[]).map((row) => {
    const entries = Object.entries(row)
    return Object.fromEntries(
      entries.map(([name, value]) => [name, typeof value === 'bigint' ? safeInteger(value) : value]),
    )
  })
  // After a statement that changes no rows SQLite still reports the changes of the one before.
  const affected = countingVerbs.has(shape.verb) ? Number(result.numAffectedRows ?? rows.length) : rows.length
  return { rows, count: affected }
}

function mapKyselyError(error: unknown, dialect: SqlDialect) {
  // Kysely's controlled transactions refuse statements after their end with a bare error.
  if (error instanceof Error && /^Transaction is already (committed|rolled back)/.test(error.message))
    return databaseErrors.CORE_DATABASE_TRANSACTION_ENDED({}, { cause: error })
  return dialect === 'postgres' ? mapPostgresError(error, 'transaction', 'trx') : mapHostSqliteError(error)
}
