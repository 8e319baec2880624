import type { MigrationNames, MigrationSet } from '@exprsn/core/database'

/** The tables of `createServedRepos`: the last commits, the records that they hold, and the stream of events. */
export const servedRepoMigrations: MigrationSet = {
  name: 'atproto-served-repos',
  migrations: [
    {
      id: '001-served',
      sqlite: (names) => repos(names, 'blob'),
      postgres: (names) => repos(names, 'bytea'),
    },
    {
      id: '002-stream',
      sqlite: (names) => stream(names, 'blob'),
      postgres: (names) => stream(names, 'bytea'),
    },
  ],
}

function repos(names: MigrationNames, bytes: string): string {
  const table = names.table('served_repo')
  return `create table ${table} (did varchar(300) primary key, rev text not null, data text not null, block ${bytes} not null);`
}

function stream(names: MigrationNames, bytes: string): string {
  const repo = names.table('served_repo')
  const event = names.table('served_event')
  return `
alter table ${repo} add column status text;
alter table ${repo} add column handle text;
alter table ${repo} add column signed_by text;
create table ${names.table('served_record')} (
  did varchar(300) not null,
  path varchar(600) not null,
  cid varchar(100) not null,
  primary key (did, path)
);
create table ${names.table('served_stream')} (
  name varchar(20) primary key,
  seq bigint not null,
  forgotten bigint not null
);
insert into ${names.table('served_stream')} values ('events', 0, 0);
create table ${event} (
  seq bigint primary key,
  did varchar(300) not null,
  at bigint not null,
  frame ${bytes} not null
);
create index ${names.index('served_event_did')} on ${event} (did);
create index ${names.index('served_event_at')} on ${event} (at);
`
}
