import { createHash } from 'node:crypto'
import type { Queryable } from './database.ts'
import type { MigrationNames } from './migration.ts'
import type { AppliedMigration } from './plan-migrations.ts'
import type { RenderedMigration } from './render-migration.ts'

/** Waits until no other process migrates these tables; held until the transaction ends. */
export async function lockMigrations(
  tx: Queryable,
  names: MigrationNames,
  signal: AbortSignal | undefined,
): Promise<void> {
  // On SQLite the transaction itself ("begin immediate") is the lock.
  if (tx.dialect === 'sqlite') return
  const digest = createHash('sha256')
    .update(`exprsn migrations ${names.table('migrations')}`)
    .digest()
  await tx.query('select pg_advisory_xact_lock($1)', [digest.readBigInt64BE()], { signal })
}

/** Makes the table of applied migrations, and its schema, when missing. */
export async function ensureMigrationTable(tx: Queryable, names: MigrationNames): Promise<void> {
  if (await hasMigrationTable(tx, names)) return
  if (names.schema !== undefined) await ensureSchema(tx, names.schema)
  await tx.query(`create table ${names.table('migrations')} (
    set_name text not null,
    id text not null,
    checksum text not null,
    applied_at bigint not null,
    primary key (set_name, id)
  )`)
}

/** The applied migrations in no particular order; none when the table is missing. */
export async function appliedMigrations(queryable: Queryable, names: MigrationNames): Promise<AppliedMigration[]> {
  if (!(await hasMigrationTable(queryable, names))) return []
  const { rows } = await queryable.query<{ set_name: string; id: string; checksum: string }>(
    `select set_name, id, checksum from ${names.table('migrations')} order by applied_at, set_name, id`,
  )
  return rows.map(({ set_name: set, id, checksum }) => ({ set, id, checksum }))
}

/** Remembers a migration as applied. */
export async function recordMigration(
  tx: Queryable,
  names: MigrationNames,
  { set, id, checksum }: RenderedMigration,
  at: number,
): Promise<void> {
  await tx.query(
    `insert into ${names.table('migrations')} (set_name, id, checksum, applied_at) values ($1, $2, $3, $4)`,
    [set, id, checksum, at],
  )
}

async function hasMigrationTable(queryable: Queryable, names: MigrationNames): Promise<boolean> {
  const { rows } =
    queryable.dialect === 'sqlite'
      ? await queryable.query(`select 1 as found from sqlite_master where type = 'table' and lower(name) = lower($1)`, [
          `${names.prefix}migrations`,
        ])
      : await queryable.query('select 1 as found where to_regclass($1) is not null', [names.table('migrations')])
  return rows.length > 0
}

/** Asked first: "create schema if not exists" needs the right to create one even when it is there. */
async function ensureSchema(tx: Queryable, schema: string): Promise<void> {
  const { rows } = await tx.query('select 1 as found from pg_namespace where nspname = $1', [schema])
  if (rows.length === 0) await tx.query(`create schema "${schema}"`)
}
