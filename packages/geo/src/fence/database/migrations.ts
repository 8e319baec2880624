import type { MigrationNames, MigrationSet } from '@exprsn/core/database'

/** The table of objects that move through fences. */
export const fenceObjectMigrations: MigrationSet = {
  name: 'geo-fence-objects',
  migrations: [{ id: '001-objects', sql: tables }],
}

/** `state` is a snapshot of one object, `due` when time alone will change it, in milliseconds since 1970. */
function tables(names: MigrationNames): string {
  const objects = names.table('fence_objects')
  return `
create table ${objects} (
  tenant text not null,
  object text not null,
  state text not null,
  due bigint,
  primary key (tenant, object)
);
create index ${names.index('fence_objects_due')} on ${objects} (tenant, due) where due is not null;
`
}
