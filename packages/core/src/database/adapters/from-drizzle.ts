import type { Transaction } from '../database.ts'
import { fromPg, type PgTransactionClient } from './from-pg.ts'
import { fromPostgresJs, type PostgresJsTransactionLike } from './from-postgres-js.ts'
import { refuseHost } from './host-transaction.ts'

/** The members that tell a Drizzle transaction on PostgreSQL: what `db.transaction` passes to its callback. */
export interface DrizzleTransactionLike {
  execute(query: never): PromiseLike<unknown>
  transaction(work: never): Promise<unknown>
  rollback(): never
}

/**
 * The host's open Drizzle transaction on PostgreSQL, over `drizzle-orm/node-postgres` or `drizzle-orm/postgres-js`.
 * Statements take the connection that the transaction holds, past Drizzle's own mapping and logger, so that values are
 * read and written as by `postgresDatabase`, and parameters are bound by the driver.
 *
 * A signal stops the waiting only; the statement goes on in the host's transaction, which should then be rolled back.
 *
 * @throws `CORE_DATABASE_OPTIONS` when it is no transaction, or over another driver. Statements throw the errors of
 * `databaseErrors`.
 * @example
 * ```ts no-run
 * import { fromDrizzle, type DrizzleTransactionLike } from '@exprsn/core/database'
 *
 * declare const db: { transaction(work: (tx: DrizzleTransactionLike) => Promise<void>): Promise<void> }
 * await db.transaction(async (tx) => {
 *   await fromDrizzle(tx).query('insert into orders values ($1, $2)', ['A-1001', 4990])
 * })
 * ```
 */
export function fromDrizzle(tx: DrizzleTransactionLike): Transaction {
  if (typeof tx?.execute !== 'function' || typeof tx.rollback !== 'function')
    refuseHost('fromDrizzle takes the tx that db.transaction of a PostgreSQL database passes on')
  const client = connectionOf(tx)
  if (typeof client?.unsafe === 'function') return fromPostgresJs(client as unknown as PostgresJsTransactionLike)
  if (typeof client?.query === 'function') return fromPg(client as unknown as PgTransactionClient)
  return refuseHost('this Drizzle transaction is neither over pg nor over postgres.js')
}

interface Connection {
  readonly query?: unknown
  readonly unsafe?: unknown
}

/** Drizzle declares its session internal, but both drivers have kept the connection of a transaction there. */
function connectionOf(tx: object): Connection | undefined {
  const { session } = tx as { readonly session?: { readonly client?: Connection } | undefined }
  return session?.client
}
