/**
 * The database port over PostgreSQL, through the optional peer `pg`.
 *
 * @packageDocumentation
 */
import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { databaseFront, type DatabaseFront } from '../database/database-front.ts'
import type { Database } from '../database/database.ts'
import { databaseErrors } from '../database/errors.ts'
import type { Session } from '../database/session.ts'
import { runTransaction } from '../database/transaction-scope.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { checkOut, type Checkout } from './postgres/checkout.ts'
import { mapPostgresError, type PgPhase } from '../database/postgres-errors.ts'
import { describeTarget, hostPool, openPool, type OpenedPool } from './postgres/open-pool.ts'
import type { PgConnectionConfig, PgPoolLike } from './postgres/pool.ts'
import { runStatement } from './postgres/run-statement.ts'

export type { PgListenClient } from './postgres/listener.ts'
export { postgresNotifications, type PostgresNotificationsOptions } from './postgres/notifications.ts'
export type { PgClientLike, PgConnectionConfig, PgPoolLike, PgQueryConfig, PgResultLike } from './postgres/pool.ts'

/** Options of {@link postgresDatabase}: one of `pool` and `connection`. */
export interface PostgresDatabaseOptions {
  /** The host's own pool; its settings stay as they are and it is never closed. */
  readonly pool?: PgPoolLike | undefined
  /** Where to connect, as a `postgres://` URL or settings; a pool is made on the first call. */
  readonly connection?: string | PgConnectionConfig | undefined
  /** Connections of the pool that is made. @default 10 */
  readonly max?: number | undefined
  /** How long to wait for a free connection of the pool that is made, or for a new one. @default '30s' */
  readonly connectTimeout?: Duration | undefined
  /** Isolation of every transaction. SQLite's are always serializable. @default 'read committed' */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable' | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * A database on a PostgreSQL server.
 *
 * Results are read as on SQLite: integers as number when safe, else bigint; booleans as 1 or 0; json as text. A
 * `numeric` (also of `sum(bigint)`), a timestamp and every other type comes as PostgreSQL's own text: write
 * `cast(sum(x) as bigint)` where a number is wanted.
 *
 * A signal cancels the running statement on the server. Where that is impossible within a second the connection is cut;
 * then a statement outside a transaction may still take effect.
 *
 * @throws `CORE_DATABASE_OPTIONS`; the calls throw the errors of `databaseErrors`.
 * @example
 * ```ts no-run
 * import { postgresDatabase } from '@exprsn/core/drivers/postgres'
 *
 * await using database = postgresDatabase({ connection: 'postgres://app@localhost/app' })
 * const { rows } = await database.query('select count(*) as orders from orders where paid = $1', [true])
 * console.log(rows[0]?.orders)
 * ```
 */
export function postgresDatabase(options: PostgresDatabaseOptions): Database {
  const { pool, connection, max = 10, isolation = 'read committed', clock = systemClock } = options
  checkOptions(options)
  const connectTimeout = milliseconds(options.connectTimeout ?? '30s')
  const target = connection === undefined ? 'pool' : describeTarget(connection)
  let opening: Promise<OpenedPool> | undefined

  function opened(): Promise<OpenedPool> {
    opening ??= pool === undefined ? openPool(connection!, { max, connectTimeout }) : Promise.resolve(hostPool(pool))
    return opening
  }

  async function withClient<Result>(
    signal: AbortSignal | undefined,
    use: (checkout: Checkout, source: OpenedPool) => Promise<Result>,
  ): Promise<Result> {
    const source = await opened()
    const checkout = await checkOut(source.pool, target, signal)
    try {
      const result = await use(checkout, source)
      checkout.release()
      return result
    } catch (error) {
      checkout.release(error)
      throw error
    }
  }

  /** The signal's own reason passes as it is. */
  async function mapped<Result>(
    phase: PgPhase,
    signal: AbortSignal | undefined,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw signal?.aborted && error === signal.reason ? error : mapPostgresError(error, phase, target)
    }
  }

  function sessionOf(checkout: Checkout, { aside }: OpenedPool, bind: DatabaseFront['bind']): Session {
    return {
      dialect: 'postgres',
      bind,
      run: (statement, signal) =>
        mapped('transaction', signal, () => runStatement(checkout, statement, signal, { clock, aside })),
      async control(text) {
        try {
          await mapped(text === 'commit' ? 'commit' : 'transaction', undefined, () => checkout.client.query({ text }))
        } catch (error) {
          // Closing the connection is what surely ends a transaction that would not roll back.
          if (text === 'rollback') checkout.destroy()
          throw error
        }
      },
    }
  }

  return databaseFront({
    dialect: 'postgres',
    statementCache: 256,
    query: (statement, signal) =>
      withClient(signal, (checkout, { aside }) =>
        mapped(statement.shape.reads ? 'read' : 'write', signal, () =>
          runStatement(checkout, statement, signal, { clock, aside }),
        ),
      ),
    transaction: (work, signal, { inside, bind }) =>
      withClient(signal, async (checkout, source) => {
        const session = sessionOf(checkout, source, bind)
        await session.control(`begin isolation level ${isolation}`)
        return runTransaction(session, inside, work, signal)
      }),
    close: async () => (await opening?.catch(() => undefined))?.close(),
  })
}

function checkOptions({ pool, connection, max = 10, isolation = 'read committed' }: PostgresDatabaseOptions): void {
  const refuse = (reason: string): never => {
    throw databaseErrors.CORE_DATABASE_OPTIONS({ reason })
  }
  if ((pool === undefined) === (connection === undefined)) refuse('pass either pool or connection')
  if (!Number.isInteger(max) || max < 1) refuse('max is not a positive integer')
  if (!['read committed', 'repeatable read', 'serializable'].includes(isolation))
    refuse(`isolation cannot be "${isolation}"`)
}
