import type { MigrationNames, MigrationSet } from '@exprsn/core/database'

/** The tables of targets: what is wanted of items, and what stands where. */
export const targetMigrations: MigrationSet = {
  name: 'atproto-targets',
  migrations: [
    {
      id: '001-targets',
      sqlite: (names) => tables(names, ' without rowid'),
      postgres: (names) => tables(names, ''),
    },
  ],
}

function tables(names: MigrationNames, suffix: string): string {
  return `
create table ${names.table('target_item')} (
  target text not null,
  source_id text not null,
  revision bigint not null,
  state text not null,
  wanted text,
  error text,
  primary key (target, source_id)
)${suffix};
create table ${names.table('target_record')} (
  target text not null,
  source_id text not null,
  part integer not null,
  request_key text not null,
  sent_at bigint not null,
  digest text not null,
  remote_id text,
  url text,
  body text,
  primary key (target, source_id, part)
)${suffix};
`
}

/** The statements of targets under the host's names. */
export function targetStatements(names: MigrationNames) {
  const items = names.table('target_item')
  const records = names.table('target_record')
  const item = 'target = $1 and source_id = $2'
  const columns = 'source_id, part, request_key, sent_at, digest, remote_id, url, body'
  return {
    want: `insert into ${items} as known (target, source_id, revision, state, wanted) values ($1, $2, 1, 'pending', $3)
on conflict (target, source_id) do update set revision = known.revision + 1, state = 'pending', wanted = $3, error = null
returning revision`,
    item: `select revision, state, wanted, error from ${items} where ${item}`,
    settle: `update ${items} set state = $3, error = $4 where ${item} and revision = $5`,
    again: `update ${items} set revision = revision + 1, state = 'pending', error = null where ${item} and state = 'parked'`,
    records: `select ${columns} from ${records} where ${item} order by part`,
    latest: `select ${columns} from ${records} where target = $1 order by sent_at desc, source_id limit $2`,
    send: `insert into ${records} (target, source_id, part, request_key, sent_at, digest, body) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (target, source_id, part) do update set request_key = $4, sent_at = $5, digest = $6, body = $7`,
    sent: `update ${records} set remote_id = $4, url = $5, digest = $6 where ${item} and part = $3`,
    resent: `update ${records} set body = $4 where ${item} and part = $3`,
    forget: `delete from ${records} where ${item} and part = $3`,
  }
}

/** The texts of {@link targetStatements}. */
export type TargetStatements = ReturnType<typeof targetStatements>

/** A post of an item, as it was sent. */
export interface RecordRow {
  readonly sourceId: string
  readonly part: number
  readonly key: string
  /** Milliseconds since 1970. */
  readonly sentAt: number
  readonly digest: string
  /** Undefined while it is not known whether it has arrived. */
  readonly remoteId: string | undefined
  readonly url: string | undefined
  readonly body: string | undefined
}

/** Reads a row of the record table. */
export function recordRow(row: Readonly<Record<string, unknown>>): RecordRow {
  const optional = (value: unknown): string | undefined => (value as string | null) ?? undefined
  return {
    sourceId: String(row.source_id),
    part: Number(row.part),
    key: String(row.request_key),
    sentAt: Number(row.sent_at),
    digest: String(row.digest),
    remoteId: optional(row.remote_id),
    url: optional(row.url),
    body: optional(row.body),
  }
}
