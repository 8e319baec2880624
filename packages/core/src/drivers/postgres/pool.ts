/** What one query needs of `pg`: text, values, and how to read the columns of its result. */
export interface PgQueryConfig {
  text: string
  values?: unknown[]
  types?: { getTypeParser(oid: number, format?: string): (value: string) => unknown }
}

/** What a query of `pg` gives. */
export interface PgResultLike {
  readonly rows: Record<string, unknown>[]
  readonly rowCount: number | null
}

/** The members of a `pg` pool client that are used. */
export interface PgClientLike {
  query(config: PgQueryConfig): Promise<PgResultLike>
  /** Gives it back to the pool, or closes it. */
  release(destroy?: boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
}

/** The members of a `pg` pool that are used: the host's own `new pg.Pool(…)` is one. */
export interface PgPoolLike {
  connect(): Promise<PgClientLike>
}

/** Connection settings, named as in `pg`. Others of `pg`'s settings pass through. */
export interface PgConnectionConfig {
  /** Name, address, or the folder of the server's socket. @default 'localhost' */
  readonly host?: string | undefined
  /** @default 5432 */
  readonly port?: number | undefined
  readonly user?: string | undefined
  /** The password, or a function that gives it for each new connection. */
  readonly password?: string | (() => string | Promise<string>) | undefined
  readonly database?: string | undefined
  /** TLS: true, or the options of node:tls. @default false */
  readonly ssl?: boolean | object | undefined
  readonly [setting: string]: unknown
}
