import type { MigrationNames, MigrationSet } from '@exprsn/core/database'

/**
 * The tables of the publisher: items with what is wanted of them, their records, the files
 * that were uploaded, and what is left of the rate limits.
 */
export const publishMigrations: MigrationSet = {
  name: 'atproto-publish',
  migrations: [
    {
      id: '001-publish',
      sqlite: (names) => tables(names, ' without rowid'),
      postgres: (names) => tables(names, ''),
    },
    { id: '002-not-before', sqlite: notBefore, postgres: notBefore },
    {
      id: '003-media',
      sqlite: (names) => media(names, ' without rowid'),
      postgres: (names) => media(names, ''),
    },
    {
      id: '004-points',
      sqlite: (names) => points(names, ' without rowid'),
      postgres: (names) => points(names, ''),
    },
  ],
}

function notBefore(names: MigrationNames): string {
  return `alter table ${names.table('publish_item')} add column not_before bigint not null default 0;`
}

function points(names: MigrationNames, suffix: string): string {
  return `
create table ${names.table('publish_points')} (
  did text not null,
  reserved_at bigint not null,
  id text not null,
  points integer not null,
  primary key (did, reserved_at, id)
)${suffix};
`
}

function media(names: MigrationNames, suffix: string): string {
  const files = names.table('publish_media')
  return `
create table ${files} (
  did text not null,
  name text not null,
  cid text,
  mime text,
  size bigint,
  width integer,
  height integer,
  title text,
  description text,
  primary key (did, name)
)${suffix};
create index ${names.index('publish_media_cid')} on ${files} (did, cid);
`
}

function tables(names: MigrationNames, suffix: string): string {
  const items = names.table('publish_item')
  const parts = names.table('publish_part')
  return `
create table ${items} (
  did text not null,
  mapping text not null,
  source_id text not null,
  revision bigint not null,
  generation bigint not null,
  state text not null,
  version text,
  wanted text,
  created_at bigint not null,
  queued_at bigint not null,
  holder text,
  error text,
  primary key (did, mapping, source_id)
)${suffix};
create index ${names.index('publish_item_state')} on ${items} (did, state);
create table ${parts} (
  did text not null,
  mapping text not null,
  source_id text not null,
  generation bigint not null,
  part integer not null,
  collection text not null,
  rkey text not null,
  cid text,
  tried text,
  ref_cid text,
  removed integer not null,
  primary key (did, mapping, source_id, generation, part)
)${suffix};
create unique index ${names.index('publish_part_key')} on ${parts} (did, collection, rkey);
create table ${names.table('publish_budget')} (
  did text not null,
  name text not null,
  used bigint not null,
  reset_at bigint not null,
  primary key (did, name)
)${suffix};
`
}
