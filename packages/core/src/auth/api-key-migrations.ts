import type { MigrationSet } from '../database/migration.ts'

/** The tables of API keys. A key's text is never in them: only the SHA-256 of its secret. */
export const apiKeyMigrations: MigrationSet = {
  name: 'auth',
  migrations: [
    {
      id: '001-api-keys',
      sql: (names) => `
        create table ${names.table('api_keys')} (
          id text primary key,
          prefix text not null,
          secret_hash text not null,
          previous_hash text,
          previous_until bigint,
          subject text not null,
          roles text not null,
          scopes text not null,
          metadata text not null,
          created_at bigint not null,
          expires_at bigint,
          revoked_at bigint
        );
        create index ${names.index('api_keys_subject')} on ${names.table('api_keys')} (subject);
      `,
    },
  ],
}
