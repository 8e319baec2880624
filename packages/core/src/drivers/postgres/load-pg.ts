import { databaseErrors } from '../../database/errors.ts'

type PgModule = typeof import('pg')

/** The optional peer `pg`. Throws `CORE_DATABASE_DRIVER_MISSING` when it is not installed. */
export async function loadPg(importPg: () => Promise<unknown> = () => import('pg')): Promise<PgModule> {
  try {
    const loaded = (await importPg()) as PgModule & { readonly default?: PgModule }
    return loaded.default ?? loaded
  } catch (error) {
    throw databaseErrors.CORE_DATABASE_DRIVER_MISSING({ package: 'pg' }, { cause: error })
  }
}
