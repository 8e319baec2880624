import type { MigrationNames, MigrationSet } from '@exprsn/core/database'

/** The tables of the two-way sync: on what both sides last agreed, what was sent, and which accounts are deleted. */
export const twoWayMigrations: MigrationSet = {
  name: 'atproto-two-way',
  migrations: [
    {
      id: '001-two-way',
      sqlite: (names) => tables(names, ' without rowid'),
      postgres: (names) => tables(names, ''),
    },
  ],
}

function tables(names: MigrationNames, suffix: string): string {
  const items = names.table('two_way_item')
  return `
create table ${items} (
  did text not null,
  mapping text not null,
  source_id text not null,
  counter bigint not null,
  origin text not null,
  base_cid text,
  base_record text,
  base_digest text,
  owned text,
  local_digest text,
  local_at bigint not null,
  deleted text,
  deleted_at bigint,
  conflict text,
  conflict_at bigint,
  primary key (did, mapping, source_id)
)${suffix};
create index ${names.index('two_way_conflict')} on ${items} (did, conflict_at) where conflict is not null;
create index ${names.index('two_way_deleted')} on ${items} (did, deleted_at) where deleted is not null;
create table ${names.table('two_way_sent')} (
  did text not null,
  collection text not null,
  rkey text not null,
  number bigint not null,
  cid text not null,
  digest text,
  rev text,
  primary key (did, collection, rkey, number)
)${suffix};
create table ${names.table('two_way_account')} (
  did text primary key,
  status text not null
)${suffix};
`
}
