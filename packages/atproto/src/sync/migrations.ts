import type { MigrationNames, MigrationSet } from '@exprsn/core/database'

/** The tables of the sync: cursors, heads of repositories, and which record was applied with which CID. */
export const syncMigrations: MigrationSet = {
  name: 'atproto-sync',
  migrations: [
    {
      id: '001-sync',
      sqlite: (names) => tables(names, ' without rowid'),
      postgres: (names) => tables(names, ''),
    },
  ],
}

/** Text is compared for equality alone: no order here depends on a collation. */
function tables(names: MigrationNames, suffix: string): string {
  const repos = names.table('sync_repo')
  return `
create table ${names.table('sync_source')} (
  name text primary key,
  seq bigint,
  epoch bigint not null,
  listing integer not null
);
create table ${repos} (
  source text not null,
  did text not null,
  rev text,
  data text,
  seq bigint not null,
  epoch bigint not null,
  state text not null,
  account text,
  wanted_rev text,
  attempts integer not null,
  retry_at bigint not null,
  error text,
  claim text,
  notices text,
  primary key (source, did)
)${suffix};
create index ${names.index('sync_repo_due')} on ${repos} (source, retry_at) where state = 'desynced';
create table ${names.table('sync_record')} (
  source text not null,
  did text not null,
  path text not null,
  cid text not null,
  refused integer not null,
  primary key (source, did, path)
)${suffix};
`
}
