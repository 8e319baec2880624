import type { MigrationNames, MigrationSet } from '@exprsn/core/database'
import { ledgerMigrations } from '../ledger/migrations.ts'

/** The tables of payments, those of the ledger included. */
export const paymentMigrations: MigrationSet = {
  name: 'payments',
  migrations: [
    ...ledgerMigrations.migrations,
    { id: '002-payments', sql: tables },
    { id: '003-dispute-reports', sql: reportTables },
  ],
}

function tables(names: MigrationNames): string {
  return `
create table ${names.table('payments')} (
  id text primary key,
  gateway text not null,
  reference text,
  key text not null,
  order_id text,
  capture text not null,
  customer text,
  currency text not null,
  amount bigint not null,
  state text not null,
  authorised bigint not null,
  captured bigint not null,
  detail text not null,
  version bigint not null,
  reserve text,
  reserve_amount bigint not null,
  checked_at bigint not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index ${names.index('payments_reference')} on ${names.table('payments')} (gateway, reference)
  where reference is not null;
create index ${names.index('payments_order')} on ${names.table('payments')} (order_id) where order_id is not null;
create index ${names.index('payments_open')} on ${names.table('payments')} (checked_at)
  where state in ('created', 'requires_action', 'pending', 'authorised');
create table ${names.table('payment_transfers')} (
  gateway text not null,
  kind text not null,
  reference text not null,
  payment text,
  state text not null,
  amount bigint not null,
  key text,
  record text not null,
  version bigint not null,
  primary key (gateway, kind, reference)
);
create index ${names.index('payment_transfers_payment')} on ${names.table('payment_transfers')} (payment, kind);
create table ${names.table('payment_attempts')} (
  key text primary key,
  gateway text not null,
  operation text not null,
  payment text,
  amount bigint not null,
  digest text not null,
  command text not null,
  status text not null check (status in ('ready', 'sent', 'unknown', 'done', 'not_done')),
  result text,
  sent_at bigint,
  due_at bigint not null,
  tries integer not null
);
create index ${names.index('payment_attempts_due')} on ${names.table('payment_attempts')} (due_at)
  where status in ('ready', 'sent', 'unknown');
create index ${names.index('payment_attempts_payment')} on ${names.table('payment_attempts')} (payment);
create table ${names.table('payment_inbox')} (
  gateway text not null,
  event text not null,
  type text not null,
  content text not null,
  status text not null check (status in ('new', 'done', 'ignored')),
  tries integer not null,
  received_at bigint not null,
  due_at bigint not null,
  error text,
  primary key (gateway, event)
);
create index ${names.index('payment_inbox_due')} on ${names.table('payment_inbox')} (due_at) where status = 'new';
create table ${names.table('payment_cursors')} (gateway text primary key, since bigint not null);
create table ${names.table('payment_methods')} (
  gateway text not null,
  reference text not null,
  customer text not null,
  method text not null,
  removed integer not null,
  primary key (gateway, reference)
);
create index ${names.index('payment_methods_customer')} on ${names.table('payment_methods')} (gateway, customer);
create table ${names.table('payment_customers')} (
  gateway text not null,
  id text not null,
  reference text not null,
  primary key (gateway, id)
);
`
}

function reportTables(names: MigrationNames): string {
  return `
create table ${names.table('payment_dispute_reports')} (
  gateway text not null,
  reference text not null,
  digest text not null,
  payment text not null,
  content text not null,
  at bigint not null,
  taken integer not null,
  primary key (gateway, reference, digest)
);
create index ${names.index('payment_dispute_reports_new')} on ${names.table('payment_dispute_reports')} (gateway, reference)
  where taken = 0;
`
}
