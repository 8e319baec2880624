/**
 * A value bound to a placeholder. `Date` is stored as milliseconds since 1970, a boolean as 1 or 0, on every engine;
 * an integral number beyond ±2⁵³ must be a bigint.
 */
export type SqlValue = string | number | bigint | boolean | Date | Uint8Array | null

/** One row: column name to value. Integers come as number when safe, else as bigint; JSON comes as text. */
export type SqlRow = Record<string, unknown>

/** What a statement gave. */
export interface QueryResult<Row = SqlRow> {
  readonly rows: readonly Row[]
  /** Rows inserted, updated or deleted; for a select, the number of rows. */
  readonly count: number
}

/** Options of {@link Queryable.query}. */
export interface QueryOptions {
  /** Gives up waiting, and on PostgreSQL also cancels the statement. */
  readonly signal?: AbortSignal | undefined
}

/** Something that runs statements: a database, or an open transaction (perhaps the host's own). */
export interface Queryable {
  readonly dialect: 'sqlite' | 'postgres'
  /**
   * Runs one statement; placeholders are `$1`, `$2`, … on every engine. Values are read when it is called (bytes are not
   * copied: leave them as they are until the promise settles). Throws the errors of `databaseErrors`.
   */
  query<Row = SqlRow>(text: string, values?: readonly SqlValue[], options?: QueryOptions): Promise<QueryResult<Row>>
}

/**
 * An open transaction; its statements run one after another in the order of the calls. A statement that fails aborts it,
 * as in PostgreSQL: later ones throw `CORE_DATABASE_TRANSACTION_ABORTED`, and it rolls back also when the error was
 * swallowed. After its end it throws `CORE_DATABASE_TRANSACTION_ENDED`.
 */
export interface Transaction extends Queryable {
  /** Runs work in a savepoint: when it rejects, only its own changes are undone. Concurrent ones run one at a time. */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>
}

/** Options of {@link Database.transaction}. */
export interface TransactionOptions {
  /** Stops waiting for the writer's turn; a transaction that has begun is rolled back. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The one SQL port of the family. Work runs in a transaction that commits when the callback's promise resolves and rolls
 * back when it rejects. On SQLite there is one writer at a time: transactions queue, and no statement from outside can
 * slip into an open one.
 *
 * Inside the callback only `tx` may be used: the database itself throws `CORE_DATABASE_TRANSACTION_OUTSIDE` there, since
 * it would wait for its own transaction for ever or not see its changes.
 */
export interface Database extends Queryable {
  transaction<Result>(work: (tx: Transaction) => Promise<Result>, options?: TransactionOptions): Promise<Result>
  /**
   * Waits for the work in progress, then closes what this database opened itself; a pool or handle that the host passed
   * in stays open. Later calls throw `CORE_DATABASE_CLOSED`.
   */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
