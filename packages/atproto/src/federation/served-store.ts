import { tableNames, type MigrationNaming, type Queryable, type Transaction } from '@exprsn/core/database'
import { cidOf, parseCid, type CarBlock, type Cid } from '../codec/index.ts'
import type { ServedStatus } from './served-repo.ts'

/** What is kept of a repository. */
export interface ServedRow {
  readonly rev: string
  /** CID of the root of its tree as text. */
  readonly data: string
  readonly commit: CarBlock
  /** undefined for what was kept before there was a stream. */
  readonly status: ServedStatus | undefined
  readonly handle: string | undefined
  /** The key that signed the commit, as a did:key. */
  readonly signedBy: string | undefined
}

/** An event as it is kept. */
export interface ServedEvent {
  readonly seq: number
  readonly frame: Uint8Array
}

/** How far the stream is. */
export interface StreamPosition {
  /** Number of the newest event. */
  readonly last: number
  /** Number of the newest event that is no longer kept. */
  readonly forgotten: number
}

/** Which events are kept. */
export interface KeptEvents {
  /** Older ones are forgotten, in milliseconds. */
  readonly age: number
  /** At most so many. */
  readonly count: number
}

const columns = 'rev, data, block, status, handle, signed_by'

/** The rows of `createServedRepos`. Every method takes what it runs on: the database or an open transaction. */
export class ServedStore {
  readonly #repos: string
  readonly #records: string
  readonly #stream: string
  readonly #events: string

  constructor(dialect: Queryable['dialect'], naming: MigrationNaming) {
    const names = tableNames(dialect, naming)
    this.#repos = names.table('served_repo')
    this.#records = names.table('served_record')
    this.#stream = names.table('served_stream')
    this.#events = names.table('served_event')
  }

  async read(on: Queryable, did: string): Promise<ServedRow | undefined> {
    const { rows } = await on.query(`select ${columns} from ${this.#repos} where did = $1`, [did])
    return rows[0] === undefined ? undefined : rowOf(rows[0])
  }

  async save(tx: Transaction, did: string, row: ServedRow): Promise<void> {
    const insert = `insert into ${this.#repos} (did, ${columns}) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (did) do update set rev = excluded.rev, data = excluded.data, block = excluded.block, status = excluded.status,
handle = excluded.handle, signed_by = excluded.signed_by`
    const { rev, data, commit, status, handle, signedBy } = row
    await tx.query(insert, [did, rev, data, commit.bytes, status ?? null, handle ?? null, signedBy ?? null])
  }

  /** CIDs of the records of the last commit by their paths. */
  async records(on: Queryable, did: string): Promise<Map<string, Cid>> {
    const sql = `select path, cid from ${this.#records} where did = $1`
    const { rows } = await on.query<{ path: string; cid: string }>(sql, [did])
    return new Map(rows.map(({ path, cid }) => [path, parseCid(cid)]))
  }

  async saveRecords(
    tx: Transaction,
    did: string,
    records: readonly (readonly [path: string, cid: Cid])[],
  ): Promise<void> {
    const entries =
      tx.dialect === 'postgres'
        ? 'select $1, entry ->> 0, entry ->> 1 from jsonb_array_elements($2::jsonb) as entry'
        : 'select $1, entry.value ->> 0, entry.value ->> 1 from json_each($2) as entry where true'
    const sql = `insert into ${this.#records} (did, path, cid) ${entries}
on conflict (did, path) do update set cid = excluded.cid`
    const pairs = records.map(([path, cid]) => [path, String(cid)])
    if (pairs.length > 0) await tx.query(sql, [did, JSON.stringify(pairs)])
  }

  async deleteRecords(tx: Transaction, did: string, paths: readonly string[]): Promise<void> {
    const texts =
      tx.dialect === 'postgres'
        ? 'select jsonb_array_elements_text($2::jsonb)'
        : 'select entry.value from json_each($2) as entry'
    const sql = `delete from ${this.#records} where did = $1 and path in (${texts})`
    if (paths.length > 0) await tx.query(sql, [did, JSON.stringify(paths)])
  }

  async deleteAllRecords(tx: Transaction, did: string): Promise<void> {
    await tx.query(`delete from ${this.#records} where did = $1`, [did])
  }

  /** Keeps others from appending until the transaction ends, so that events come into being in the order of their numbers. */
  async lockStream(tx: Transaction): Promise<number> {
    const sql = `update ${this.#stream} set seq = seq where name = 'events' returning seq`
    const { rows } = await tx.query<{ seq: number }>(sql)
    return rows[0]!.seq
  }

  /** Adds events behind the last one; the stream is locked. */
  async append(
    tx: Transaction,
    did: string,
    events: readonly ServedEvent[],
    now: number,
    { age, count }: KeptEvents,
  ): Promise<void> {
    const last = events.at(-1)
    if (last === undefined) return
    for (const { seq, frame } of events)
      await tx.query(`insert into ${this.#events} (seq, did, at, frame) values ($1, $2, $3, $4)`, [
        seq,
        did,
        now,
        frame,
      ])
    await tx.query(`update ${this.#stream} set seq = $1 where name = 'events'`, [last.seq])
    const old = `select max(seq) as seq from ${this.#events} where at < $1 or seq <= $2`
    const { rows } = await tx.query<{ seq: number | null }>(old, [now - age, last.seq - count])
    const forgotten = rows[0]!.seq
    if (forgotten === null) return
    await tx.query(`delete from ${this.#events} where seq <= $1`, [forgotten])
    await tx.query(`update ${this.#stream} set forgotten = $1 where name = 'events'`, [forgotten])
  }

  /** Forgets the events of an account; holes stay where they were. */
  async deleteEvents(tx: Transaction, did: string): Promise<void> {
    await tx.query(`delete from ${this.#events} where did = $1`, [did])
  }

  async position(on: Queryable): Promise<StreamPosition> {
    const sql = `select seq, forgotten from ${this.#stream} where name = 'events'`
    const { rows } = await on.query<{ seq: number; forgotten: number }>(sql)
    return { last: rows[0]!.seq, forgotten: rows[0]!.forgotten }
  }

  /** Events behind a number, the oldest first, and how much was forgotten at the same moment. */
  async eventsAfter(
    on: Queryable,
    seq: number,
    limit: number,
  ): Promise<{ readonly events: readonly ServedEvent[]; readonly forgotten: number | undefined }> {
    const sql = `select event.seq, event.frame, stream.forgotten from ${this.#events} as event
join ${this.#stream} as stream on stream.name = 'events' where event.seq > $1 order by event.seq limit $2`
    const { rows } = await on.query<{ seq: number; frame: Uint8Array; forgotten: number }>(sql, [seq, limit])
    const events = rows.map((row) => ({ seq: row.seq, frame: new Uint8Array(row.frame) }))
    return { events, forgotten: rows[0]?.forgotten }
  }
}

function rowOf(row: Readonly<Record<string, unknown>>): ServedRow {
  const bytes = new Uint8Array(row.block as Uint8Array)
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  return {
    rev: String(row.rev),
    data: String(row.data),
    commit: { cid: cidOf('dag-cbor', bytes), bytes },
    status: text(row.status) as ServedStatus | undefined,
    handle: text(row.handle),
    signedBy: text(row.signed_by),
  }
}
