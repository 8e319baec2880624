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
  /** Runs one statement; placeholders are `$1`, `$2`, … on every engine. */
  query<Row = SqlRow>(text: string, values?: readonly SqlValue[], options?: QueryOptions): Promise<QueryResult<Row>>
}

/** An open transaction. Nesting makes a savepoint. */
export interface Transaction extends Queryable {
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
 */
export interface Database extends Queryable {
  transaction<Result>(work: (tx: Transaction) => Promise<Result>, options?: TransactionOptions): Promise<Result>
  /** Closes what this database opened itself; a pool or handle that the host passed in stays open. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
