import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import type { Database, QueryResult, SqlRow } from './database.ts'
import { databaseFront, type DatabaseFront } from './database-front.ts'
import { databaseErrors } from './errors.ts'
import { retryWhileBusy } from './retry-while-busy.ts'
import type { BoundStatement, Session } from './session.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { mapSqliteError } from './sqlite-errors.ts'
import { openReader, openWriter, type OpenedWriter } from './sqlite-files.ts'
import { runTransaction } from './transaction-scope.ts'
import { Turns } from './turns.ts'

/** Options of {@link sqliteDatabase}: one of `path` and `handle`. */
export interface SqliteDatabaseOptions {
  /** The file, made when missing together with its folders, or `':memory:'`. */
  readonly path?: string | undefined
  /** The host's own open handle; it is used as it is and never closed. Nothing else may use it meanwhile. */
  readonly handle?: DatabaseSync | undefined
  /** How long to wait for a lock that another process holds. The process does not stand still meanwhile. @default '10s' */
  readonly busyTimeout?: Duration | undefined
  /**
   * `full`: what is committed survives a power loss. `normal`: the last commits may be lost to one, though never to a
   * crash of the process, and the file stays sound.
   * @default 'full'
   */
  readonly synchronous?: 'off' | 'normal' | 'full' | 'extra' | undefined
  /** How many prepared statements are kept. @default 256 */
  readonly statementCache?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * A database in one file (or in memory) inside this process, through Node's own SQLite. It opens on the first call, in
 * WAL mode with foreign keys enforced.
 *
 * Transactions run one at a time in the order they were asked for (`begin immediate`), and statements outside wait for
 * their turn among them. Only reads of a file database do not wait: they go through a second connection, which sees what
 * is committed. Temporary tables are therefore only visible inside the transaction that made them.
 *
 * Integers come as number when safe, else as bigint; a boolean is stored and read as 1 or 0.
 *
 * @throws `CORE_DATABASE_OPTIONS`; the calls throw the errors of `databaseErrors`.
 * @example
 * ```ts
 * import { sqliteDatabase } from '@exprsn/core/database'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await database.query('create table orders (id text primary key, cents bigint not null)')
 * await database.transaction(async (tx) => {
 *   await tx.query('insert into orders values ($1, $2)', ['A-1001', 4990])
 * })
 * const { rows } = await database.query('select cents from orders where id = $1', ['A-1001'])
 * console.log(rows[0]?.cents) // 4990
 * ```
 */
export function sqliteDatabase(options: SqliteDatabaseOptions): Database {
  const { path, handle, synchronous = 'full', statementCache = 256, clock = systemClock } = options
  checkOptions(options)
  const target = path ?? 'handle'
  const file = {
    path: target,
    synchronous,
    statementCache,
    clock,
    busyTimeout: milliseconds(options.busyTimeout ?? '10s'),
  }
  const turns = new Turns()
  let writing: Promise<OpenedWriter> | undefined
  let reading: Promise<SqliteConnection> | undefined

  function writer(): Promise<OpenedWriter> {
    writing ??= (
      handle === undefined
        ? openWriter(file)
        : Promise.resolve({ connection: new SqliteConnection(handle, statementCache), sharable: false })
    ).catch((error: unknown) => {
      writing = undefined
      throw mapSqliteError(error, target)
    })
    return writing
  }

  function reader(): Promise<SqliteConnection> {
    reading ??= openReader(file).catch((error: unknown) => {
      reading = undefined
      throw mapSqliteError(error, target)
    })
    return reading
  }

  async function execute(
    connection: SqliteConnection,
    statement: BoundStatement,
    signal: AbortSignal | undefined,
  ): Promise<QueryResult<SqlRow>> {
    try {
      return await retryWhileBusy(() => connection.execute(statement), { ...file, signal })
    } catch (error) {
      throw signal?.aborted ? signal.reason : mapSqliteError(error, target)
    }
  }

  async function queryOutside(
    statement: BoundStatement,
    signal: AbortSignal | undefined,
  ): Promise<QueryResult<SqlRow>> {
    const { connection, sharable } = await writer()
    if (sharable && statement.shape.reads) return execute(await reader(), statement, signal)
    const release = await turns.take(signal)
    try {
      return await execute(connection, statement, signal)
    } finally {
      release()
    }
  }

  function sessionOf(connection: SqliteConnection, bind: DatabaseFront['bind']): Session {
    return {
      dialect: 'sqlite',
      bind,
      run: async (statement) => {
        try {
          return connection.execute(statement)
        } catch (error) {
          throw mapSqliteError(error, target)
        }
      },
      control: (text) => control(connection, text, undefined),
    }
  }

  async function control(connection: SqliteConnection, text: string, signal: AbortSignal | undefined): Promise<void> {
    try {
      await retryWhileBusy(() => connection.handle.exec(text), { ...file, signal })
    } catch (error) {
      throw signal?.aborted ? signal.reason : mapSqliteError(error, target)
    }
  }

  async function closeOwned(): Promise<void> {
    const [opened, second] = await Promise.all([writing?.catch(() => undefined), reading?.catch(() => undefined)])
    second?.close()
    if (handle === undefined) opened?.connection.close()
  }

  return databaseFront({
    dialect: 'sqlite',
    statementCache,
    query: queryOutside,
    async transaction(work, signal, { inside, bind }) {
      const { connection } = await writer()
      const release = await turns.take(signal)
      try {
        await control(connection, 'begin immediate', signal)
        return await runTransaction(sessionOf(connection, bind), inside, work, signal)
      } finally {
        release()
      }
    },
    close: closeOwned,
  })
}

function checkOptions({ path, handle, synchronous = 'full', statementCache = 256 }: SqliteDatabaseOptions): void {
  const refuse = (reason: string): never => {
    throw databaseErrors.CORE_DATABASE_OPTIONS({ reason })
  }
  if ((path === undefined) === (handle === undefined)) refuse('pass either path or handle')
  if (path !== undefined && (typeof path !== 'string' || path === '' || path.includes('\0')))
    refuse('path is not a file name')
  if (!['off', 'normal', 'full', 'extra'].includes(synchronous)) refuse(`synchronous cannot be "${synchronous}"`)
  if (!Number.isInteger(statementCache) || statementCache < 1) refuse('statementCache is not a positive integer')
}
