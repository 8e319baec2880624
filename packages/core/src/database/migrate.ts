import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { Database, Transaction } from './database.ts'
import { databaseErrors } from './errors.ts'
import type { MigrationNames, MigrationNaming, MigrationReference, MigrationSet } from './migration.ts'
import { appliedMigrations, ensureMigrationTable, lockMigrations, recordMigration } from './migration-table.ts'
import { planMigrations } from './plan-migrations.ts'
import { reasonOf } from './reason-of.ts'
import { renderMigrations, type RenderedMigration } from './render-migration.ts'
import { tableNames } from './table-names.ts'

/** A migration was applied. */
export interface MigrationProgress extends MigrationReference {
  /** Applied by this call, this one included. */
  readonly done: number
  /** What this call has to apply, as far as no other process does it. */
  readonly total: number
}

/** Options of {@link migrate}. */
export interface MigrateOptions extends MigrationNaming {
  /** Stops waiting for another process, or rolls back the migration that runs; those before stay applied. */
  readonly signal?: AbortSignal | undefined
  /** Called after each migration that this call applied. @default none */
  readonly onProgress?: ((progress: MigrationProgress) => void) | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** What {@link migrate} did. */
export interface MigrationReport {
  /** Applied by this call, in order. */
  readonly applied: readonly MigrationReference[]
  /** Applied earlier by a newer version of these sets; left alone. */
  readonly unknown: readonly MigrationReference[]
}

interface Step {
  readonly applied: RenderedMigration | undefined
  readonly left: number
  readonly unknown: readonly MigrationReference[]
}

/**
 * Applies the migrations that are missing, in order, each in one transaction together with its record. Processes that
 * boot at the same moment wait for each other, and each migration is applied once.
 *
 * @throws `CORE_DATABASE_MIGRATION_CHANGED`, `CORE_DATABASE_MIGRATION_ORDER`, `CORE_DATABASE_MIGRATION_INVALID`,
 * `CORE_DATABASE_MIGRATION_FAILED` (its cause says why)
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const orders = {
 *   name: 'orders',
 *   migrations: [{ id: '001-orders', sql: 'create table orders (id text primary key, cents bigint not null)' }],
 * }
 * const { applied } = await migrate(database, [orders])
 * console.log(applied) // [ { set: 'orders', id: '001-orders' } ]
 * ```
 */
export async function migrate(
  database: Database,
  sets: readonly MigrationSet[],
  options: MigrateOptions = {},
): Promise<MigrationReport> {
  const { signal, onProgress, clock = systemClock } = options
  const names = tableNames(database.dialect, options)
  const migrations = renderMigrations(sets, database.dialect, names)
  const applied: MigrationReference[] = []
  for (;;) {
    const step = await database.transaction((tx) => applyNext(tx, migrations, names, { signal, clock }), { signal })
    if (step.applied === undefined) return { applied, unknown: step.unknown }
    const { set, id } = step.applied
    applied.push({ set, id })
    onProgress?.({ set, id, done: applied.length, total: applied.length + step.left })
  }
}

/** Plans anew under the lock each time: another process may have done a part. */
async function applyNext(
  tx: Transaction,
  migrations: readonly RenderedMigration[],
  names: MigrationNames,
  { signal, clock }: { signal: AbortSignal | undefined; clock: Clock },
): Promise<Step> {
  await lockMigrations(tx, names, signal)
  const { pending, unknown } = planMigrations(migrations, await appliedMigrations(tx, names))
  const [next] = pending
  if (next === undefined) return { applied: undefined, left: 0, unknown }
  await ensureMigrationTable(tx, names)
  await applyMigration(tx, next, signal)
  await recordMigration(tx, names, next, clock.now())
  return { applied: next, left: pending.length - 1, unknown }
}

async function applyMigration(
  tx: Transaction,
  { set, id, statements }: RenderedMigration,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const [index, { text, line }] of statements.entries()) {
    try {
      await tx.query(text, [], { signal })
    } catch (error) {
      if (signal?.aborted) throw error
      const details = { set, id, statement: index + 1, line, reason: reasonOf(error) }
      throw databaseErrors.CORE_DATABASE_MIGRATION_FAILED(details, { cause: error })
    }
  }
}
