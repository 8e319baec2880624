import type { Transaction } from '../database.ts'
import { databaseErrors } from '../errors.ts'
import { portableTypes } from '../portable-types.ts'
import { mapPostgresError } from '../postgres-errors.ts'
import { postgresParameter } from '../postgres-parameter.ts'
import { hostTransaction, refuseHost } from './host-transaction.ts'

/** The members of a `pg` client that {@link fromPg} uses: `await pool.connect()` and `new pg.Client()` are such. */
export interface PgTransactionClient {
  query(config: {
    text: string
    values?: unknown[]
    types?: { getTypeParser(oid: number, format?: string): (value: string) => unknown }
  }): Promise<{ readonly rows: Record<string, unknown>[]; readonly rowCount: number | null }>
  /** Newer versions of `pg` tell whether the connection is in a transaction: `I` when it is not. */
  getTransactionStatus?(): string | null
}

/**
 * The transaction that the host began on its own `pg` client. Values are read and written as by `postgresDatabase`; the
 * settings of the client stay as they are. The host commits or rolls back.
 *
 * A signal stops the waiting only; the statement goes on in the host's transaction, which should then be rolled back.
 *
 * @throws `CORE_DATABASE_OPTIONS` for a pool. Statements throw the errors of `databaseErrors`, among them
 * `CORE_DATABASE_TRANSACTION_ENDED` after the host's commit or rollback, and before its begin (from pg 8.19 on).
 * @example
 * ```ts no-run
 * import { fromPg } from '@exprsn/core/database'
 * import pg from 'pg'
 *
 * const client = await new pg.Pool().connect()
 * await client.query('begin')
 * await fromPg(client).query('insert into orders values ($1, $2)', ['A-1001', 4990])
 * await client.query('commit')
 * client.release()
 * ```
 */
export function fromPg(client: PgTransactionClient): Transaction {
  if (typeof client?.query !== 'function') refuseHost('fromPg takes a client of pg')
  if ('totalCount' in client) refuseHost('a pool has no transaction of its own: pass the client of pool.connect()')

  async function send(config: Parameters<PgTransactionClient['query']>[0]) {
    // Without a transaction each statement would be committed by itself.
    if (client.getTransactionStatus?.() === 'I') throw databaseErrors.CORE_DATABASE_TRANSACTION_ENDED()
    return client.query(config)
  }

  return hostTransaction({
    dialect: 'postgres',
    async run({ shape, values }) {
      const parameters = values.map(postgresParameter)
      const { rows, rowCount } = await send({ text: shape.sql, values: parameters, types: portableTypes })
      return { rows, count: rowCount ?? 0 }
    },
    control: (text) => send({ text }),
    mapError: (error) => mapPostgresError(error, 'transaction', 'client'),
  })
}
