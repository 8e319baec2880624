import { databaseErrors } from '../../database/errors.ts'

type PgModule = typeof import('pg')

/** The optional peer `pg`. Throws `CORE_DATABASE_DRIVER_MISSING` when it is not installed. */
export async function loadPg(importPg?: () => Promise<unknown>): Promise<PgModule> {
  try {
    // Written as `await import` inside the try: only then do bundlers accept that the package may be absent.
    const loaded = (importPg === undefined ? await import('pg') : await importPg()) as PgModule & {
      readonly default?: PgModule
    }
    return loaded.default ?? loaded
  } catch (error) {
    throw databaseErrors.CORE_DATABASE_DRIVER_MISSING({ package: 'pg' }, { cause: error })
  }
}
