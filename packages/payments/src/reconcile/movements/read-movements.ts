import type { Database, MigrationNaming } from '@exprsn/core/database'
import { reconcileStore } from '../store/reconcile-store.ts'
import type { Movement } from './movement.ts'
import { movementsOf } from './movements-of.ts'

/** Options of {@link readMovements}. */
export interface ReadMovementsOptions extends MigrationNaming {
  /** That of `createReconciliation`, with the same `prefix` and `schema`. */
  readonly database: Database
  /** `YYYY-MM-DD`, included. @default everything */
  readonly since?: string | undefined
  /** `YYYY-MM-DD`, excluded. @default everything */
  readonly until?: string | undefined
}

/**
 * The movements that a persistent reconciliation holds, with what is matched at this moment.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createReconciliation, readMovements } from '@exprsn/payments/reconcile'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const reconciliation = createReconciliation({ database, gateways: ['stripe'] })
 * await migrate(database, [reconciliation.migrations])
 * console.log(await readMovements({ database })) // []
 * ```
 */
export async function readMovements({
  database,
  since,
  until,
  ...naming
}: ReadMovementsOptions): Promise<readonly Movement[]> {
  const store = reconcileStore(database.dialect, naming)
  const movements = await database.transaction(async (tx) => {
    const items = (await store.allItems(tx)).map(({ item }) => item)
    const made = (await store.allMatches(tx)).filter(({ state }) => state === 'made')
    return movementsOf(items, made)
  })
  return movements.filter(({ day }) => (since === undefined || day >= since) && (until === undefined || day < until))
}
