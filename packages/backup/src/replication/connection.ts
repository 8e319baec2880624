/** Rows of one statement in text form, as the simple query protocol gives them. */
export interface ResultSet {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** A row as an object; columns that the row lacks are null. */
export function firstRow(sets: readonly ResultSet[]): Readonly<Record<string, string | null>> {
  const set = sets.find((candidate) => candidate.rows.length > 0)
  const row: Record<string, string | null> = Object.create(null)
  set?.columns.forEach((column, index) => (row[column] = set.rows[0]?.[index] ?? null))
  return row
}

/** Takes what a streaming command sends, in order. */
export interface CopyHandlers {
  /** A result set before, between or after the copied data. */
  onResult?(set: ResultSet): void
  /** What the server says of a command that it has completed, such as `COPY 42`. */
  onCommand?(tag: string): void
  /**
   * One CopyData payload, a view that is only valid during the call. A returned promise pauses the socket until it
   * settles; messages that had already arrived are still handed over meanwhile.
   */
  onData(chunk: Uint8Array): void | Promise<void>
  /**
   * Instead of `onData`, where the connection can: the payloads of several CopyData messages that came together, joined, a view that is
   * only valid during the call, and how many they are. For rows, which are small and many.
   */
  onJoinedData?(chunks: Uint8Array, messages: number): void | Promise<void>
}

/** A stream in both directions. */
export interface CopyBoth {
  send(bytes: Uint8Array): void
  /** Asks the server to end the stream; `finished` then resolves. */
  end(): void
  /** The result sets after the stream, once the server is ready for the next command. */
  readonly finished: Promise<readonly ResultSet[]>
}

/** A connection in replication mode: it carries one command at a time. Failures are `BACKUP_POSTGRES_*` errors. */
export interface ReplicationConnection {
  /** `host:port`, for messages. */
  readonly server: string
  query(text: string): Promise<readonly ResultSet[]>
  /** Runs a command that copies data to us; resolves when the server is ready again. */
  copyOut(text: string, handlers: CopyHandlers): Promise<void>
  /** Runs a command that copies in both directions; resolves when the stream has begun. */
  copyBoth(text: string, handlers: CopyHandlers): Promise<CopyBoth>
  /** Runs a command that takes data from us; resolves when the server has taken all of it. */
  copyIn(
    text: string,
    pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    handlers?: Pick<CopyHandlers, 'onCommand'>,
  ): Promise<void>
  /** Cuts the connection at once: the running command fails with `reason`, or as a lost connection. */
  destroy(reason?: unknown): void
  close(): Promise<void>
}

/** As much of a connection as copying needs. */
export type CopyConnection = Pick<
  ReplicationConnection,
  'server' | 'query' | 'copyOut' | 'copyIn' | 'destroy' | 'close'
>

/** What can run SQL: a `pg` client or pool, or anything of that shape. */
export interface SqlClient {
  query(text: string): Promise<{ readonly rows: readonly Record<string, unknown>[] }>
}

/** An ordinary connection that we opened and must close. */
export interface SqlConnection extends SqlClient {
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens connections to one server. `postgresConnector` of `@exprsn/backup/drivers/postgres` makes one from `pg`. */
export interface PostgresConnector {
  /** `host:port`, for messages. */
  readonly server: string
  replication(options?: { readonly signal?: AbortSignal | undefined }): Promise<ReplicationConnection>
  /** An ordinary connection that can copy data in and out; its commands carry one statement at a time. */
  copying(options?: {
    /** @default the one of the connector */
    readonly database?: string | undefined
    readonly signal?: AbortSignal | undefined
  }): Promise<CopyConnection>
  sql(options?: {
    /** @default the one of the connector */
    readonly database?: string | undefined
    readonly signal?: AbortSignal | undefined
  }): Promise<SqlConnection>
}
