import { databaseConcurrencyCases } from './database-conformance/concurrency.ts'
import { databaseErrorCases } from './database-conformance/errors.ts'
import { databaseTransactionCases } from './database-conformance/transactions.ts'
import { databaseValueCases } from './database-conformance/values.ts'
import type { Database } from '../database/database.ts'
import type { ConformanceCase } from './conformance.ts'

/**
 * What every implementation of the database port must do. Each case wants a new, empty database and may close it; close
 * it again afterwards.
 *
 * @example
 * ```ts
 * import { sqliteDatabase } from '@exprsn/core/database'
 * import { databaseConformance } from '@exprsn/core/testing'
 *
 * for (const { name, run } of databaseConformance) {
 *   await using database = sqliteDatabase({ path: ':memory:' })
 *   await run(database)
 *   console.log('ok:', name)
 * }
 * ```
 */
export const databaseConformance: readonly ConformanceCase<Database>[] = [
  ...databaseValueCases,
  ...databaseTransactionCases,
  ...databaseConcurrencyCases,
  ...databaseErrorCases,
]
