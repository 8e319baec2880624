import type { MigrationNames, MigrationSet } from '../../database/migration.ts'

/** The tables of jobs and of the inbox. */
export const jobMigrations: MigrationSet = {
  name: 'jobs',
  migrations: [
    {
      id: '001-jobs',
      sqlite: (names) => tables(names, 'integer primary key autoincrement'),
      postgres: (names) => tables(names, 'bigint generated always as identity primary key'),
    },
  ],
}

/**
 * The partial indexes are what keeps each question as small as its answer. Two of them are also the last line of defence:
 * one holder of a key, and one job of an ordering key at a time, hold whatever the statements do.
 */
function tables(names: MigrationNames, id: string): string {
  const jobs = names.table('jobs')
  return `
create table ${jobs} (
  id ${id},
  name text not null,
  payload text not null,
  state text not null,
  priority integer not null,
  run_at bigint not null,
  attempt integer not null default 0,
  attempts integer not null,
  backoff text,
  key text,
  held_key text,
  key_until bigint,
  ordering_key text,
  token bigint not null default 0,
  lease_until bigint,
  lease_ms bigint,
  cancel_requested integer not null default 0,
  progress_done double precision,
  progress_total double precision,
  error text,
  created_at bigint not null,
  started_at bigint,
  finished_at bigint
);
create index ${names.index('jobs_queued')} on ${jobs} (priority desc, id) where state = 'queued';
create index ${names.index('jobs_delayed')} on ${jobs} (run_at) where state = 'delayed';
create index ${names.index('jobs_running')} on ${jobs} (lease_until) where state = 'running';
create index ${names.index('jobs_finished')} on ${jobs} (finished_at) where finished_at is not null;
create index ${names.index('jobs_waiting')} on ${jobs} (ordering_key, id) where state = 'waiting';
create unique index ${names.index('jobs_key')} on ${jobs} (name, held_key) where held_key is not null;
create unique index ${names.index('jobs_order')} on ${jobs} (ordering_key)
  where ordering_key is not null and state in ('queued', 'delayed', 'running');
create table ${names.table('inbox')} (
  scope text not null,
  message text not null,
  received_at bigint not null,
  primary key (scope, message)
);
create index ${names.index('inbox_received')} on ${names.table('inbox')} (received_at);
`
}
