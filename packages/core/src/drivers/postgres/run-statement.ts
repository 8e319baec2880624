import type { QueryResult, SqlRow } from '../../database/database.ts'
import { postgresParameter } from '../../database/postgres-parameter.ts'
import type { BoundStatement } from '../../database/session.ts'
import { cancelStatement, type CancelOptions } from './cancel.ts'
import type { Checkout } from './checkout.ts'
import type { PgResultLike } from './pool.ts'
import { portableTypes } from '../../database/portable-types.ts'

/**
 * Runs one statement; throws `pg`'s own errors, or the signal's reason. A statement that ends before its cancellation
 * arrives keeps its result.
 */
export async function runStatement(
  checkout: Checkout,
  { shape, values }: BoundStatement,
  signal: AbortSignal | undefined,
  cancel: CancelOptions,
): Promise<QueryResult<SqlRow>> {
  signal?.throwIfAborted()
  let cancelling: Promise<void> | undefined
  const onAbort = (): void => {
    cancelling = cancelStatement(checkout, cancel)
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  let result: PgResultLike
  try {
    result = await checkout.client.query({
      text: shape.sql,
      values: values.map(postgresParameter),
      types: portableTypes,
    })
  } catch (error) {
    if (cancelling === undefined) throw error
    await cancelling
    throw signal!.reason
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
  if (cancelling !== undefined) await absorbLateCancel(checkout, cancelling)
  return { rows: result.rows, count: result.rowCount ?? 0 }
}

/** A cancellation that came too late must not hit the connection's next statement. */
async function absorbLateCancel(checkout: Checkout, cancelling: Promise<void>): Promise<void> {
  await cancelling
  try {
    await checkout.client.query({ text: 'select 1' })
  } catch {
    checkout.destroy()
  }
}
