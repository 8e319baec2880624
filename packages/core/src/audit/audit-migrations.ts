import type { MigrationSet } from '../database/migration.ts'
import { emptyHead } from './record.ts'

/** The tables of {@link databaseAudit}: records, checkpoints, and one row with the head that appends queue for. */
export const auditMigrations: MigrationSet = {
  name: 'audit',
  migrations: [
    {
      id: '0001-audit',
      sql: ({ table }) => `
        create table ${table('audit_records')} (sequence bigint primary key, record text not null, hash text not null);
        create table ${table('audit_checkpoints')} (id bigint primary key, size bigint not null, checkpoint text not null);
        create table ${table('audit_head')} (id integer primary key, sequence bigint not null, hash text not null);
        insert into ${table('audit_head')} (id, sequence, hash) values (1, 0, '${emptyHead.hash}');
      `,
    },
  ],
}
