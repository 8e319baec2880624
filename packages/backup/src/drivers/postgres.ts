/**
 * PostgreSQL through the npm package `pg` (8.11 or newer), which is loaded on first use.
 *
 * @packageDocumentation
 */
import { milliseconds, systemClock, type Clock, type Duration, type ExprsnError } from '@exprsn/core'
import { commandWatch } from '../replication/command-watch.ts'
import { postgresErrors } from '../replication/errors.ts'
import type { PostgresConnector, SqlConnection } from '../replication/connection.ts'
import { postgresFault, type ServerName } from '../replication/fault.ts'
import { createPostgresSource, type CreatePostgresSourceOptions, type PointInTimeSource } from '../postgres/index.ts'
import { endClient, pgReplicationConnection, type PgClient, type Session } from '../replication/pg-client.ts'
import { recyclingSocket } from '../replication/recycling-socket.ts'

export type { PgClient, PgConnection, PgStream, PgSubmittable } from '../replication/pg-client.ts'
export type {
  CopyBoth,
  CopyConnection,
  CopyHandlers,
  PostgresConnector,
  ReplicationConnection,
  ResultSet,
  SqlClient,
  SqlConnection,
} from '../replication/connection.ts'

/** As much of the module `pg` as is used. */
export interface PgModule {
  // The host's own class is accepted whatever its version: its configuration type differs between them.
  readonly Client: new (config: never) => unknown
}

/** Options of {@link postgresConnector}: the fields of a `pg` connection. */
export interface PostgresConnectorOptions {
  /** `postgres://user:password@host:port/database`; the other fields win over its parts. */
  readonly connectionString?: string | undefined
  /** Host name, address, or the folder of a Unix socket. @default 'localhost' */
  readonly host?: string | undefined
  /** @default 5432 */
  readonly port?: number | undefined
  /** Needs the attribute REPLICATION. @default 'postgres' */
  readonly user?: string | undefined
  /** Text, or a function that fetches it for each connection. */
  readonly password?: string | (() => string | Promise<string>) | undefined
  /** For ordinary connections; replication does not care. @default 'postgres' */
  readonly database?: string | undefined
  /** As in `pg`: true, or options of `tls.connect`. @default false */
  readonly ssl?: boolean | Readonly<Record<string, unknown>> | undefined
  /** Shown in pg_stat_replication; synchronous_standby_names refers to it. @default 'exprsn' */
  readonly applicationName?: string | undefined
  /** Milliseconds to wait for a connection. @default 10000 */
  readonly connectTimeout?: number | undefined
  /**
   * Silence in the middle of a command after which the server is asked, on another connection, whether it still works on it. When it
   * waits for us as we wait for it, or cannot be reached any more, the connection counts as lost; when it does not know the session, after
   * ten times as long.
   * @default '60s'
   */
  readonly serverTimeout?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** The host's own `pg` module. @default the installed one */
  readonly pg?: PgModule | undefined
}

const oldestVersion = 150_000

/**
 * Opens replication and ordinary connections to one PostgreSQL server (15 or newer).
 *
 * @throws `BACKUP_POSTGRES_CONNECTION_INVALID` at once; connections then fail with `BACKUP_POSTGRES_UNREACHABLE`,
 * `BACKUP_POSTGRES_LOGIN_REFUSED`, `BACKUP_POSTGRES_NO_REPLICATION`, `BACKUP_POSTGRES_VERSION_UNSUPPORTED` and others
 * that say what to change. No password is ever part of an error.
 * @example
 * ```ts no-run
 * import { receiveBaseBackup } from '@exprsn/backup'
 * import { postgresConnector } from '@exprsn/backup/drivers/postgres'
 *
 * const connector = postgresConnector({ host: 'db.internal', user: 'backup', password: process.env.BACKUP_PASSWORD })
 * const backup = await receiveBaseBackup({ connector, into: '/var/backups/base-1' })
 * console.log(backup.files, 'files')
 * ```
 */
export function postgresConnector(options: PostgresConnectorOptions): PostgresConnector {
  const config = configure(options)
  const name: ServerName = { server: serverName(config.host, config.port), user: config.user }
  const clock = options.clock ?? systemClock
  const serverTimeout = milliseconds(options.serverTimeout ?? '60s')
  // Its rests are between reads of a real socket, whatever clock the caller has.
  const stream = config.ssl ? {} : { stream: () => recyclingSocket() }

  const connect = async (extra: object, signal: AbortSignal | undefined): Promise<PgClient> => {
    signal?.throwIfAborted()
    const { Client } = options.pg ?? (await loadPg())
    const client = new Client({ ...config, ...extra } as never) as PgClient
    // Without a listener a server that stops between two commands would end the process.
    client.on('error', () => {})
    const abort = (): void => void client.connection.stream.destroy()
    signal?.addEventListener('abort', abort, { once: true })
    try {
      await client.connect()
      signal?.throwIfAborted()
      return client
    } catch (error) {
      client.connection.stream.destroy()
      signal?.throwIfAborted()
      throw postgresFault(error, name)
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  const session = (client: PgClient): Session => ({
    clock,
    watch: commandWatch(client, {
      ...{ name, clock, limit: serverTimeout, answerLimit: config.connectionTimeoutMillis || 10_000 },
      connect: (signal) => connect({}, signal),
    }),
  })

  return {
    server: name.server,
    async replication({ signal } = {}) {
      const client = await connect({ replication: 'true', ...stream }, signal)
      const connection = pgReplicationConnection(client, name, session(client))
      try {
        const [set] = await connection.query('SHOW server_version_num')
        const version = Number(set?.rows[0]?.[0])
        if (!(version >= oldestVersion)) throw unsupported(name.server, version)
        return connection
      } catch (error) {
        await connection.close()
        throw error
      }
    },
    async copying({ database, signal } = {}) {
      const client = await connect({ ...(database === undefined ? {} : { database }), ...stream }, signal)
      return pgReplicationConnection(client, name, session(client))
    },
    async sql({ database, signal } = {}) {
      const client = await connect(database === undefined ? {} : { database }, signal)
      return sqlConnection(client, name, session(client))
    },
  }
}

/** Options of {@link postgresSource}. */
export interface PostgresSourceOptions extends Omit<CreatePostgresSourceOptions, 'connector'> {
  /** The server; or pass `connector`. */
  readonly connection?: PostgresConnectorOptions | undefined
  /** A connector of your own. @default one is made from `connection` */
  readonly connector?: PostgresConnector | undefined
}

/**
 * A PostgreSQL cluster as a source for `createBackup`, from connection options: see `createPostgresSource` for what it
 * does.
 *
 * @throws `BACKUP_POSTGRES_OPTION_INVALID`, `BACKUP_POSTGRES_CONNECTION_INVALID`
 * @example
 * ```ts
 * import { postgresSource } from '@exprsn/backup/drivers/postgres'
 *
 * const source = postgresSource({ connection: { host: 'db.internal', user: 'backup' } })
 * console.log(source.kind) // postgres
 * ```
 */
export function postgresSource({ connection = {}, connector, ...options }: PostgresSourceOptions): PointInTimeSource {
  const { pg } = connection
  return createPostgresSource({
    connectTo: (server) => postgresConnector({ ...server, pg }),
    ...options,
    connector: connector ?? postgresConnector(connection),
  })
}

function sqlConnection(client: PgClient, name: ServerName, { watch, clock }: Session): SqlConnection {
  const close = (): Promise<void> => endClient(client, clock)
  return {
    async query(text) {
      let lost: ExprsnError | undefined
      const watching = watch({
        isHeldBack: () => false,
        onLost(error) {
          lost = error
          client.connection.stream.destroy()
        },
      })
      try {
        return await client.query(text)
      } catch (error) {
        throw lost ?? postgresFault(error, name)
      } finally {
        watching.cancel()
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

interface Configuration {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  readonly ssl?: unknown
  readonly connectionTimeoutMillis: number
}

function configure(options: PostgresConnectorOptions): Configuration {
  const parts = options.connectionString === undefined ? {} : parse(options.connectionString)
  const port = options.port ?? parts.port ?? 5432
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid(`port ${port} is not between 1 and 65535`)
  return {
    host: options.host ?? parts.host ?? 'localhost',
    port,
    user: options.user ?? parts.user ?? 'postgres',
    database: options.database ?? parts.database ?? 'postgres',
    ...optional('password', options.password ?? parts.password),
    ...optional('ssl', options.ssl ?? parts.ssl),
    ...{ application_name: options.applicationName ?? 'exprsn' },
    connectionTimeoutMillis: options.connectTimeout ?? 10_000,
    // A machine that is gone is noticed by the kernel, 40 s after it was last heard of.
    ...{ keepAlive: true, keepAliveInitialDelayMillis: 30_000 },
  }
}

function optional(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value }
}

interface ConnectionParts {
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  readonly database?: string | undefined
  readonly ssl?: boolean | { rejectUnauthorized: boolean } | undefined
}

/** The error of the URL parser holds the whole text, password included: it must not become a cause. */
function parse(text: string): ConnectionParts {
  try {
    const url = new URL(text)
    if (!/^postgres(ql)?:$/.test(url.protocol)) throw invalid('the connectionString does not begin with postgres://')
    return {
      host: url.searchParams.get('host') ?? (decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '') || undefined),
      port: url.port === '' ? undefined : Number(url.port),
      user: decodeURIComponent(url.username) || undefined,
      password: decodeURIComponent(url.password) || undefined,
      database: decodeURIComponent(url.pathname.slice(1)) || undefined,
      ssl: sslMode(url.searchParams.get('sslmode')),
    }
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError)
      throw invalid('the connectionString is not a valid URL')
    throw error
  }
}

/** As libpq: `require` encrypts without checking who answers, the `verify-` modes check. */
function sslMode(mode: string | null): boolean | { rejectUnauthorized: boolean } | undefined {
  if (mode === null) return undefined
  if (mode === 'disable' || mode === 'allow' || mode === 'prefer') return false
  if (mode === 'require' || mode === 'no-verify') return { rejectUnauthorized: false }
  if (mode === 'verify-ca' || mode === 'verify-full') return true
  throw invalid(`sslmode "${mode}" is not known`)
}

function serverName(host: string, port: number): string {
  return host.startsWith('/') ? `${host}/.s.PGSQL.${port}` : `${host}:${port}`
}

async function loadPg(): Promise<PgModule> {
  try {
    const module = (await import('pg')) as unknown as PgModule & { readonly default?: PgModule | undefined }
    return module.default ?? module
  } catch (error) {
    throw postgresErrors.BACKUP_POSTGRES_DRIVER_MISSING({ reason: (error as Error).message }, { cause: error })
  }
}

function unsupported(server: string, version: number) {
  return postgresErrors.BACKUP_POSTGRES_VERSION_UNSUPPORTED({ server, version: Math.floor(version / 10_000) })
}

function invalid(reason: string) {
  return postgresErrors.BACKUP_POSTGRES_CONNECTION_INVALID({ reason })
}
