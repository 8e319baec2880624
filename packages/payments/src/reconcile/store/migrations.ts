import type { MigrationNames, MigrationSet } from '@exprsn/core/database'

/** The tables of `createReconciliation`. */
export const reconcileMigrations: MigrationSet = {
  name: 'payments-reconcile',
  migrations: [
    {
      id: '001-reconcile',
      sqlite: (names) => tables(names, 'text'),
      // Names are looked for by how they begin, which other orders of letters have no index for.
      postgres: (names) => tables(names, 'text collate "C"'),
    },
  ],
}

/**
 * `reconcile_match_items` has the item as its key: whatever statements do and however many do it at once, nothing is in two
 * matches.
 */
function tables(names: MigrationNames, orderedText: string): string {
  return `
create table ${names.table('reconcile_items')} (
  id text primary key,
  content text not null,
  stage text not null check (stage in ('certain', 'rest', 'conflict', 'held')),
  reason text,
  candidates text,
  assignee text
);
create index ${names.index('reconcile_items_open')} on ${names.table('reconcile_items')} (id) where reason is not null;
create table ${names.table('reconcile_links')} (
  name ${orderedText} not null,
  item text not null,
  primary key (name, item)
);
create index ${names.index('reconcile_links_item')} on ${names.table('reconcile_links')} (item);
create table ${names.table('reconcile_matches')} (
  id text primary key,
  rule text not null,
  evidence text not null,
  state text not null check (state in ('made', 'proposed')),
  actor text
);
create table ${names.table('reconcile_match_items')} (
  item text primary key references ${names.table('reconcile_items')} (id),
  match text not null references ${names.table('reconcile_matches')} (id),
  side text not null check (side in ('left', 'right'))
);
create index ${names.index('reconcile_match_items_match')} on ${names.table('reconcile_match_items')} (match);
create table ${names.table('reconcile_statements')} (
  name text primary key,
  content text not null
);
create table ${names.table('reconcile_statement_links')} (
  name text not null,
  statement text not null,
  primary key (name, statement)
);
create table ${names.table('reconcile_events')} (
  sequence bigint primary key,
  item text not null,
  action text not null,
  actor text not null,
  note text not null,
  at bigint not null
);
create index ${names.index('reconcile_events_item')} on ${names.table('reconcile_events')} (item, sequence);
create table ${names.table('reconcile_head')} (id integer primary key check (id = 1), sequence bigint not null);
insert into ${names.table('reconcile_head')} values (1, 0);
`
}
