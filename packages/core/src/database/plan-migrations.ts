import { databaseErrors } from './errors.ts'
import type { MigrationReference } from './migration.ts'
import type { RenderedMigration } from './render-migration.ts'

/** A row of the table of applied migrations. */
export interface AppliedMigration extends MigrationReference {
  readonly checksum: string
}

/** What is left to do. */
export interface MigrationPlan {
  /** In the order they are to be applied. */
  readonly pending: readonly RenderedMigration[]
  /** Applied migrations of the given sets that the sets do not hold: made by a newer version, left alone. */
  readonly unknown: readonly MigrationReference[]
}

/**
 * Compares what there is with what was applied.
 *
 * @throws `CORE_DATABASE_MIGRATION_CHANGED`, `CORE_DATABASE_MIGRATION_ORDER`
 */
export function planMigrations(
  migrations: readonly RenderedMigration[],
  applied: readonly AppliedMigration[],
): MigrationPlan {
  const checksums = new Map(applied.map((row) => [keyOf(row), row.checksum]))
  const skipped = new Map<string, RenderedMigration>()
  const pending = migrations.filter((migration) => {
    const { set, id } = migration
    const checksum = checksums.get(keyOf(migration))
    if (checksum === undefined) {
      if (!skipped.has(set)) skipped.set(set, migration)
      return true
    }
    if (checksum !== migration.checksum) throw databaseErrors.CORE_DATABASE_MIGRATION_CHANGED({ set, id })
    const earlier = skipped.get(set)
    if (earlier !== undefined) throw databaseErrors.CORE_DATABASE_MIGRATION_ORDER({ set, id: earlier.id, applied: id })
    return false
  })
  const sets = new Set(migrations.map(({ set }) => set))
  const known = new Set(migrations.map(keyOf))
  const unknown = applied
    .filter((row) => sets.has(row.set) && !known.has(keyOf(row)))
    .map(({ set, id }) => ({ set, id }))
  return { pending, unknown }
}

function keyOf({ set, id }: MigrationReference): string {
  return JSON.stringify([set, id])
}
