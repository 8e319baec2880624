import type { MigrationNames, MigrationSet } from '@exprsn/core/database'

/** The tables of `createDisputes`. */
export const disputeMigrations: MigrationSet = {
  name: 'payments-disputes',
  migrations: [{ id: '001-disputes', sql: tables }],
}

function tables(names: MigrationNames): string {
  return `
create table ${names.table('dispute_cases')} (
  id text primary key,
  gateway text not null,
  payment text not null,
  status text not null,
  family text not null,
  opened_at bigint not null,
  due_by bigint,
  underway integer not null,
  tell_at bigint,
  content text not null
);
create index ${names.index('dispute_cases_payment')} on ${names.table('dispute_cases')} (payment);
create index ${names.index('dispute_cases_tell')} on ${names.table('dispute_cases')} (tell_at) where tell_at is not null;
create index ${names.index('dispute_cases_underway')} on ${names.table('dispute_cases')} (id) where underway = 1;
create table ${names.table('dispute_events')} (
  dispute text not null references ${names.table('dispute_cases')} (id),
  sequence integer not null,
  action text not null,
  status text not null,
  stage text not null,
  actor text not null,
  note text not null,
  at bigint not null,
  primary key (dispute, sequence)
);
create table ${names.table('dispute_purchases')} (
  payment text primary key,
  credential text not null,
  at bigint not null,
  content text not null
);
create index ${names.index('dispute_purchases_credential')} on ${names.table('dispute_purchases')} (credential, at);
create index ${names.index('dispute_purchases_at')} on ${names.table('dispute_purchases')} (at);
`
}
