import type { MigrationNames, MigrationSet } from '../database/migration.ts'

/** The tables of notifications, beside those of the jobs that deliver them. */
export const notifyMigrations: MigrationSet = {
  name: 'notify',
  migrations: [
    {
      id: '001-notify',
      sqlite: (names) => tables(names, 'integer primary key autoincrement'),
      postgres: (names) => tables(names, 'bigint generated always as identity primary key'),
    },
  ],
}

function tables(names: MigrationNames, id: string): string {
  const items = names.table('notify_items')
  const messages = names.table('notify_messages')
  return `
create table ${names.table('notify_seen')} (
  key text primary key,
  status text not null,
  told_at bigint not null
);
create table ${names.table('notify_channels')} (
  channel text primary key,
  used_at bigint not null
);
create table ${messages} (
  id text primary key,
  channel text not null,
  group_key text not null,
  job_id text not null,
  sent_at bigint not null
);
create index ${names.index('notify_messages_group')} on ${messages} (channel, group_key, sent_at);
create index ${names.index('notify_messages_sent')} on ${messages} (channel, sent_at);
create table ${items} (
  id ${id},
  notification text not null,
  channel text not null,
  group_key text not null,
  body text not null,
  due_at bigint not null,
  hold_until bigint not null,
  created_at bigint not null,
  message_id text
);
create index ${names.index('notify_items_waiting')} on ${items} (channel, group_key) where message_id is null;
create index ${names.index('notify_items_message')} on ${items} (message_id) where message_id is not null;
create index ${names.index('notify_items_notification')} on ${items} (notification)
`
}
