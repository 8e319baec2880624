import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import type { DatabaseNotifications } from '../../database/database-notifications.ts'
import { databaseErrors } from '../../database/errors.ts'
import { milliseconds, type Duration } from '../../duration/duration.ts'
import { silentLogger, type Logger } from '../../logger/logger.ts'
import { keepListening, type PgListenClient } from './listener.ts'
import { loadPg } from './load-pg.ts'
import type { PgConnectionConfig } from './pool.ts'

/** Options of {@link postgresNotifications}: one of `connection` and `connect`. */
export interface PostgresNotificationsOptions {
  /** Where to connect, as a `postgres://` URL or settings: to the server itself, not to PgBouncer in transaction mode. */
  readonly connection?: string | PgConnectionConfig | undefined
  /** Gives a client of the host's own that is connected; it is ended when it is no longer needed. */
  readonly connect?: (() => Promise<PgListenClient>) | undefined
  /** The wait before a lost connection is made anew, doubled each time it fails. @default '500ms' */
  readonly reconnectAfter?: Duration | undefined
  /** The longest such wait. @default '30s' */
  readonly reconnectMaximum?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}

/**
 * PostgreSQL's LISTEN and NOTIFY for `createJobs`: an idle worker hears of a job when it is committed instead of at
 * its next poll. Each process that listens holds one connection of its own, made on the first `listen`. A connection that
 * is lost costs nothing but latency: polling goes on.
 *
 * @throws `CORE_DATABASE_OPTIONS`
 * @example
 * ```ts no-run
 * import { postgresDatabase, postgresNotifications } from '@exprsn/core/drivers/postgres'
 * import { createJobs } from '@exprsn/core/jobs'
 *
 * const connection = 'postgres://app@localhost/app'
 * const jobs = createJobs({
 *   database: postgresDatabase({ connection }),
 *   notifications: postgresNotifications({ connection }),
 *   handlers: { 'invoice.send': async (job) => console.log('sending', job.payload) },
 * })
 * jobs.start()
 * ```
 */
export function postgresNotifications(options: PostgresNotificationsOptions): DatabaseNotifications {
  const { connection, clock = systemClock, logger = silentLogger } = options
  if ((connection === undefined) === (options.connect === undefined))
    throw databaseErrors.CORE_DATABASE_OPTIONS({ reason: 'pass either connection or connect' })
  const initial = Math.max(1, milliseconds(options.reconnectAfter ?? '500ms'))
  const wait = { initial, maximum: Math.max(initial, milliseconds(options.reconnectMaximum ?? '30s')) }
  const connect = options.connect ?? (() => ownClient(connection!))
  return {
    async notify(tx, channel) {
      await tx.query("select pg_notify($1, '')", [channel])
    },
    listen: (channel, onNotify) => keepListening({ connect, channel, onNotify, wait, clock, logger }),
  }
}

async function ownClient(connection: string | PgConnectionConfig): Promise<PgListenClient> {
  const pg = await loadPg()
  const settings = typeof connection === 'string' ? { connectionString: connection } : connection
  const client = new pg.Client({ connectionTimeoutMillis: 10_000, keepAlive: true, ...settings })
  client.on('error', () => {})
  await client.connect()
  return client
}
