import type { MigrationSet } from '../database/migration.ts'

/** The tables of {@link databaseRateLimiter} and {@link databaseCircuitStore}: hand it to `migrate`. */
export const resilienceMigrations: MigrationSet = {
  name: 'resilience',
  migrations: [
    {
      id: '0001-rate-limits',
      sql: (names) => `
        create table ${names.table('rate_limits')} (
          key text primary key,
          arrival bigint not null,
          allowed bigint not null
        );
        create index ${names.index('rate_limits_arrival')} on ${names.table('rate_limits')} (arrival)`,
    },
    {
      id: '0002-circuit-votes',
      sql: (names) => `
        create table ${names.table('circuit_votes')} (
          circuit text not null,
          instance text not null,
          is_open bigint not null,
          expires_at bigint not null,
          primary key (circuit, instance)
        )`,
    },
  ],
}
