import { sqliteDatabase, type Database, type MigrationSet } from '@exprsn/core/database'

/** The service's own tables. */
export const shopMigrations: MigrationSet = {
  name: 'shop',
  migrations: [
    {
      id: '001-orders',
      sql: `create table orders (id text primary key, item text not null, cents bigint not null, at bigint not null);
            create table invoices (order_id text primary key, number bigint not null)`,
    },
    { id: '002-reports', sql: 'create table reports (night text primary key, orders bigint not null)' },
  ],
}

/** One file on this machine; several replicas take `postgresDatabase({ pool })` instead. */
export function openDatabase(folder: string): Database {
  return sqliteDatabase({ path: `${folder}/shop.db` })
}
