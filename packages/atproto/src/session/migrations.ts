import type { MigrationNames, MigrationSet } from '@exprsn/core/database'

/** The tables of OAuth sessions: logins under way, sessions, and locks. What is secret in them is sealed. */
export const sessionMigrations: MigrationSet = {
  name: 'atproto-session',
  migrations: [
    {
      id: '001-session',
      sqlite: (names) => tables(names, 'blob'),
      postgres: (names) => tables(names, 'bytea'),
    },
  ],
}

function tables(names: MigrationNames, bytes: string): string {
  return `
create table ${names.table('oauth_login')} (
  name text primary key,
  sealed ${bytes} not null,
  expires_at bigint not null
);
create table ${names.table('oauth_session')} (
  did text primary key,
  sealed ${bytes} not null,
  version bigint not null,
  state text not null,
  reason text,
  updated_at bigint not null
);
create table ${names.table('oauth_lock')} (
  name text primary key,
  holder text not null,
  until bigint not null
);
`
}
