import type { MigrationNames, MigrationSet } from '@exprsn/core/database'

/** The tables of the ledger. */
export const ledgerMigrations: MigrationSet = {
  name: 'payments-ledger',
  migrations: [
    {
      id: '001-ledger',
      sqlite: (names) => tables(names) + sqliteGuards(names),
      postgres: (names) => tables(names) + postgresGuards(names),
    },
    {
      id: '002-accounts-by-statement',
      sqlite: 'select 1;',
      postgres: accountsByStatement,
    },
  ],
}

/**
 * Names of accounts and entries sort by their bytes on every engine. The unique indexes are the last line of defence: a
 * reservation is settled once, an entry reversed once, whatever the statements do.
 */
function tables(names: MigrationNames): string {
  const accounts = names.table('ledger_accounts')
  const lines = names.table('ledger_lines')
  return `
create table ${accounts} (
  number bigint primary key,
  code text not null unique,
  currency text not null,
  kind text not null,
  limited integer not null,
  debits bigint not null default 0 check (debits >= 0),
  credits bigint not null default 0 check (credits >= 0),
  reserved_debits bigint not null default 0 check (reserved_debits >= 0),
  reserved_credits bigint not null default 0 check (reserved_credits >= 0)
);
create table ${lines} (
  sequence bigint primary key,
  entry text not null,
  line integer not null,
  lines integer not null,
  kind text not null check (kind in ('transfer', 'reserve', 'post', 'release')),
  debit bigint not null references ${accounts} (number),
  credit bigint not null references ${accounts} (number),
  amount bigint not null check (amount > 0),
  reserve bigint,
  reverses text,
  description text not null,
  reference text not null,
  occurred_at bigint not null,
  recorded_at bigint not null,
  hash text not null,
  check (debit <> credit)
);
create unique index ${names.index('ledger_lines_entry')} on ${lines} (entry, line);
create unique index ${names.index('ledger_lines_reserve')} on ${lines} (reserve) where reserve is not null;
create unique index ${names.index('ledger_lines_reverses')} on ${lines} (reverses, line) where reverses is not null;
create index ${names.index('ledger_lines_reference')} on ${lines} (reference) where reference <> '';
create index ${names.index('ledger_lines_debit')} on ${lines} (debit, sequence);
create index ${names.index('ledger_lines_credit')} on ${lines} (credit, sequence);
create table ${names.table('ledger_head')} (
  id integer primary key check (id = 1),
  sequence bigint not null,
  hash text not null
);
insert into ${names.table('ledger_head')} values (1, 0, '${'0'.repeat(64)}');
`
}

function sqliteGuards(names: MigrationNames): string {
  const lines = names.table('ledger_lines')
  return ['update', 'delete']
    .map(
      (change) => `
create trigger ${names.index(`ledger_lines_no_${change}`)} before ${change} on ${lines} begin
  select raise(abort, 'the lines of the ledger are never changed: post a reversal');
end;`,
    )
    .join('\n')
}

function postgresGuards(names: MigrationNames): string {
  const guard = names.table('ledger_lines_guard')
  return `
create function ${guard}() returns trigger language plpgsql as $$
begin
  raise exception 'the lines of the ledger are never changed: post a reversal';
end $$;
create trigger ${names.index('ledger_lines_no_change')} before update or delete on ${names.table('ledger_lines')}
  for each row execute function ${guard}();
create trigger ${names.index('ledger_lines_no_truncate')} before truncate on ${names.table('ledger_lines')}
  for each statement execute function ${guard}();
`
}

/**
 * PostgreSQL asks for the account of every line by a statement of its own, twice, which is half of what a batch costs the
 * server. Whether every line has its accounts is asked once for all lines of a statement instead, and accounts are never
 * removed or given another number, where a foreign key forbids it only for those that are in use.
 */
function accountsByStatement(names: MigrationNames): string {
  const [accounts, lines] = [names.table('ledger_accounts'), names.table('ledger_lines')]
  const [known, kept] = [names.table('ledger_lines_accounts'), names.table('ledger_accounts_guard')]
  return `
create function ${known}() returns trigger language plpgsql as $$
begin
  if exists (
    select from (select debit as number from fresh union select credit from fresh) as used
      where not exists (select from ${accounts} as open where open.number = used.number)
  ) then
    raise foreign_key_violation using message = 'a line of the ledger needs accounts that are open';
  end if;
  return null;
end $$;
create trigger ${names.index('ledger_lines_accounts')} after insert on ${lines} referencing new table as fresh
  for each statement execute function ${known}();
create function ${kept}() returns trigger language plpgsql as $$
begin
  raise exception 'accounts of the ledger are never removed or given another number';
end $$;
create trigger ${names.index('ledger_accounts_no_delete')} before delete on ${accounts}
  for each row execute function ${kept}();
create trigger ${names.index('ledger_accounts_no_number')} before update of number on ${accounts}
  for each row execute function ${kept}();
create trigger ${names.index('ledger_accounts_no_truncate')} before truncate on ${accounts}
  for each statement execute function ${kept}();
do $$
declare
  key record;
begin
  for key in select conname from pg_constraint where conrelid = '${lines}'::regclass and contype = 'f' loop
    execute 'alter table ${lines} drop constraint ' || quote_ident(key.conname);
  end loop;
end $$;
`
}
