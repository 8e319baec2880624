import type { MigrationSet } from '../../database/migration.ts'

/**
 * The scheduler's tables. `schedule_jobs.slot` is the latest slot that was settled: no earlier one is ever claimed, also
 * when the history is cut or a clock goes back. `token` is the job's last fencing token.
 */
export const scheduleMigrations: MigrationSet = {
  name: 'schedule',
  migrations: [
    {
      id: '001-jobs-and-runs',
      sql: (names) => `
        create table ${names.table('schedule_jobs')} (
          id text primary key,
          schedule text not null,
          slot bigint not null,
          token bigint not null,
          paused bigint not null,
          registered_at bigint not null
        );
        create table ${names.table('schedule_runs')} (
          job text not null,
          kind text not null,
          slot bigint not null,
          token bigint not null,
          attempt bigint not null,
          state text not null,
          owner text not null,
          started_at bigint not null,
          lease_until bigint not null,
          finished_at bigint,
          reason text,
          primary key (job, kind, slot)
        );
        create index ${names.index('schedule_runs_running')} on ${names.table('schedule_runs')} (job) where state = 'running';
      `,
    },
  ],
}
