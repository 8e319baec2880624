import { createHash } from 'node:crypto'
import { databaseErrors } from './errors.ts'
import type { Migration, MigrationNames, MigrationSet } from './migration.ts'
import type { SqlDialect } from './scan-sql.ts'
import { splitStatements, type SqlStatement } from './split-statements.ts'

/** A migration written out for one engine and one host. */
export interface RenderedMigration {
  readonly set: string
  readonly id: string
  readonly text: string
  readonly statements: readonly SqlStatement[]
  /** SHA-256 of the text, in hex. */
  readonly checksum: string
}

/** Writes out every migration in order. Throws `CORE_DATABASE_MIGRATION_INVALID`. */
export function renderMigrations(
  sets: readonly MigrationSet[],
  dialect: SqlDialect,
  names: MigrationNames,
): RenderedMigration[] {
  refuseRepeated(
    sets.map(({ name }) => name),
    'set',
  )
  return sets.flatMap((set) => {
    refuseRepeated(
      set.migrations.map(({ id }) => id),
      `migration of ${set.name}`,
    )
    return set.migrations.map((migration) => renderMigration(set.name, migration, dialect, names))
  })
}

function renderMigration(
  set: string,
  migration: Migration,
  dialect: SqlDialect,
  names: MigrationNames,
): RenderedMigration {
  const source = 'sql' in migration ? migration.sql : migration[dialect]
  const text = typeof source === 'function' ? source(names) : source
  const statements = splitStatements(text, dialect)
  if (statements.length === 0)
    throw databaseErrors.CORE_DATABASE_MIGRATION_INVALID({ reason: `${set}/${migration.id} holds no statement` })
  const checksum = createHash('sha256').update(text).digest('hex')
  return { set, id: migration.id, text, statements, checksum }
}

function refuseRepeated(names: readonly string[], kind: string): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (name === '') throw databaseErrors.CORE_DATABASE_MIGRATION_INVALID({ reason: `a ${kind} has no name` })
    if (seen.has(name))
      throw databaseErrors.CORE_DATABASE_MIGRATION_INVALID({ reason: `there are two of the ${kind} named "${name}"` })
    seen.add(name)
  }
}
