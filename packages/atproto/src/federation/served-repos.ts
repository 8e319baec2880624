import { milliseconds, systemClock, type Clock, type Duration } from '@exprsn/core'
import type { Database, MigrationNaming, MigrationSet, Transaction } from '@exprsn/core/database'
import { cidOf, encodeCbor, writeCar, type CarBlock, type Cid, type DataObject } from '../codec/index.ts'
import { buildMst, createRecordProof } from '../repo/index.ts'
import { federationErrors } from './errors.ts'
import { Listeners } from './listeners.ts'
import { readServedEvents } from './read-served-events.ts'
import { accountFrame, advance, isCurrent } from './served-events.ts'
import { servedRepoMigrations } from './served-migrations.ts'
import type { EncodedRepo, HostRepo, ServedStatus } from './served-repo.ts'
import { ServedStore, type ServedRow } from './served-store.ts'

/** Bytes that records point to. */
export interface HostBlob {
  readonly mimeType: string
  readonly bytes: Uint8Array
}

/** Which events are kept for those who were away. */
export interface KeepEventsOptions {
  /** Older ones are forgotten. @default '3d' */
  readonly age?: Duration | undefined
  /** At most so many. @default 100000 */
  readonly count?: number | undefined
}

/** Options of {@link createServedRepos}. */
export interface ServedReposOptions extends MigrationNaming {
  /** Where the last commits and the events are kept: the same for all processes. */
  readonly database: Database
  /** The DIDs with a repository. */
  readonly list: () => readonly string[] | Promise<readonly string[]>
  /** The repository of a DID; undefined when there is none. It is read anew for every request. */
  readonly read: (did: string) => HostRepo | undefined | Promise<HostRepo | undefined>
  /** Bytes by their CID. @default there are none */
  readonly blob?: ((did: string, cid: string) => HostBlob | undefined | Promise<HostBlob | undefined>) | undefined
  /** Which events are kept for those who were away. @default three days, at most 100,000 */
  readonly keepEvents?: KeepEventsOptions | undefined
  /** How often readers of the events look for those of other processes. @default '1s' */
  readonly pollInterval?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** The state of a served repository. */
export interface ServedHead {
  readonly did: string
  /** CID of the commit as text. */
  readonly cid: string
  readonly rev: string
  /** What is not `active` is listed, and not served. */
  readonly status: ServedStatus
}

/** The host's records as repositories that anybody can verify. Made by {@link createServedRepos}. */
export interface ServedRepos {
  /** The tables of the last commits and of the events, for `migrate`. */
  readonly migrations: readonly MigrationSet[]
  /** @throws `ATPROTO_SERVED_REPO_UNKNOWN` */
  head(did: string): Promise<ServedHead>
  /** The same of an account that is served. @throws `ATPROTO_SERVED_REPO_UNKNOWN`, `ATPROTO_SERVED_REPO_INACTIVE` */
  latest(did: string): Promise<ServedHead>
  /** The whole repository as a CAR. @throws `ATPROTO_SERVED_REPO_UNKNOWN`, `ATPROTO_SERVED_REPO_INACTIVE` */
  archive(did: string): Promise<Uint8Array>
  /** The CAR that proves a record, or that there is none. @throws `ATPROTO_SERVED_REPO_UNKNOWN`, `ATPROTO_SERVED_REPO_INACTIVE` */
  proof(did: string, path: string): Promise<Uint8Array>
  /** A record. @throws `ATPROTO_SERVED_REPO_UNKNOWN`, `ATPROTO_SERVED_REPO_INACTIVE`, `ATPROTO_SERVED_RECORD_UNKNOWN` */
  record(did: string, path: string): Promise<{ readonly cid: string; readonly value: DataObject }>
  /** @throws `ATPROTO_SERVED_RECORD_UNKNOWN` */
  blob(did: string, cid: string): Promise<HostBlob>
  /** Heads in the order of their DIDs. */
  list(page: { readonly after: string; readonly limit: number }): Promise<readonly ServedHead[]>
  /**
   * Looks at a repository, or at all of them, and puts what has changed on the stream of events: to be called after records
   * were changed. What nobody says is noticed with the next request for it.
   *
   * @throws `ATPROTO_SERVED_REPO_UNKNOWN`
   */
  refresh(did?: string): Promise<void>
  /** Says on the stream of events that an account is deleted, and forgets it with its past events. `read` no longer gives it. */
  remove(did: string): Promise<void>
  /**
   * The frames of `com.atproto.sync.subscribeRepos`: those after the cursor that are kept, then those that come, until the
   * signal ends it. Without a cursor only those that come; 0 gives everything that is kept.
   *
   * @throws `ATPROTO_STREAM_CURSOR_FUTURE`; `ATPROTO_STREAM_CONSUMER_SLOW` when events are forgotten before they are taken
   */
  events(options: {
    readonly cursor?: number | undefined
    readonly signal: AbortSignal
  }): AsyncGenerator<Uint8Array, void, undefined>
}

/**
 * Serves records of the host as repositories, read-only: the host is its own PDS for accounts that only it writes. A new commit
 * is signed when the records have changed since the last one; it is kept and put on the stream of events, so that all processes
 * give the same.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createSigningKey } from '@exprsn/atproto/crypto'
 * import { createServedRepos } from '@exprsn/atproto/federation'
 * import { verifyRepo } from '@exprsn/atproto/repo'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const did = 'did:web:news.example'
 * const key = createSigningKey('k256')
 * const repos = createServedRepos({
 *   database,
 *   list: () => [did],
 *   read: () => ({ key, records: { 'com.example.note/1': { $type: 'com.example.note', text: 'hello' } } }),
 * })
 * await migrate(database, repos.migrations)
 * const verified = verifyRepo(await repos.archive(did), { did, signingKey: key.didKey })
 * console.log([...verified.records()].length) // 1
 * ```
 */
export function createServedRepos(options: ServedReposOptions): ServedRepos {
  const { database, list, read, blob, keepEvents = {}, clock = systemClock } = options
  const store = new ServedStore(database.dialect, options)
  const listeners = new Listeners()
  const keep = { age: milliseconds(keepEvents.age ?? '3d'), count: keepEvents.count ?? 100_000 }
  const pollInterval = milliseconds(options.pollInterval ?? '1s')

  async function load(did: string): Promise<LoadedRepo> {
    for (;;) {
      // Before the host is asked: who commits meanwhile may have read newer records than we do.
      const before = await store.read(database, did)
      const host = await read(did)
      if (host === undefined) throw federationErrors.ATPROTO_SERVED_REPO_UNKNOWN({ did })
      const repo = encoded(host)
      if (before !== undefined && isCurrent(before, host, repo)) return { row: before, repo }
      const row = await database.transaction((tx) => commit(tx, { did, before, host, repo }))
      listeners.wake()
      if (row !== undefined) return { row, repo }
    }
  }

  /** @returns undefined when another was faster */
  async function commit(
    tx: Transaction,
    change: {
      readonly did: string
      readonly before: ServedRow | undefined
      readonly host: HostRepo
      readonly repo: EncodedRepo
    },
  ): Promise<ServedRow | undefined> {
    const { did, before, repo } = change
    const last = await store.lockStream(tx)
    if (!isSame(await store.read(tx, did), before)) return undefined
    const known = await store.records(tx, did)
    const { row, events, committed } = advance({ ...change, known, last, clock })
    await store.save(tx, did, row)
    await store.append(tx, did, events, clock.now(), keep)
    if (!committed) return row
    const gone = [...known.keys()].filter((path) => !repo.records.has(path))
    const changed = [...repo.records].filter(([path, { cid }]) => String(known.get(path)) !== String(cid))
    await store.deleteRecords(tx, did, gone)
    const saved = changed.map(([path, { cid }]) => [path, cid] as const)
    await store.saveRecords(tx, did, saved)
    return row
  }

  async function active(did: string): Promise<LoadedRepo> {
    const loaded = await load(did)
    const { status = 'active' } = loaded.row
    if (status !== 'active') throw federationErrors.ATPROTO_SERVED_REPO_INACTIVE({ did, status })
    return loaded
  }

  const headOf = (did: string, { row: { rev, commit: block, status = 'active' } }: LoadedRepo): ServedHead => ({
    did,
    rev,
    cid: String(block.cid),
    status,
  })

  return {
    migrations: [servedRepoMigrations],
    head: async (did) => headOf(did, await load(did)),
    latest: async (did) => headOf(did, await active(did)),
    async archive(did) {
      const loaded = await active(did)
      return writeCar([loaded.row.commit.cid], blocksOf(loaded).values())
    },
    async proof(did, path) {
      const loaded = await active(did)
      const blocks = blocksOf(loaded)
      return createRecordProof({ get: (cid) => blocks.get(String(cid))?.bytes }, loaded.row.commit.cid, path)
    },
    async record(did, path) {
      const found = (await active(did)).repo.records.get(path)
      if (found === undefined) throw federationErrors.ATPROTO_SERVED_RECORD_UNKNOWN({ what: 'record', name: path, did })
      return { cid: String(found.cid), value: found.value }
    },
    async blob(did, cid) {
      const found = await blob?.(did, cid)
      if (found === undefined) throw federationErrors.ATPROTO_SERVED_RECORD_UNKNOWN({ what: 'blob', name: cid, did })
      return found
    },
    async list({ after, limit }) {
      const dids = [...(await list())].sort().filter((did) => did > after)
      return Promise.all(dids.slice(0, limit).map(async (did) => headOf(did, await load(did))))
    },
    async refresh(did) {
      for (const one of did === undefined ? await list() : [did]) await load(one)
    },
    async remove(did) {
      await database.transaction(async (tx) => {
        const last = await store.lockStream(tx)
        const row = await store.read(tx, did)
        if (row === undefined || row.status === 'deleted') return
        const seq = last + 1
        const frame = accountFrame(seq, did, 'deleted', new Date(clock.now()).toISOString())
        await store.deleteEvents(tx, did)
        await store.deleteAllRecords(tx, did)
        await store.save(tx, did, { ...row, status: 'deleted' })
        await store.append(tx, did, [{ seq, frame }], clock.now(), keep)
      })
      listeners.wake()
    },
    events: (stream) => readServedEvents({ ...stream, database, store, listeners, pollInterval, clock }),
  }
}

interface LoadedRepo {
  readonly row: ServedRow
  readonly repo: EncodedRepo
}

function encoded(host: HostRepo): EncodedRepo {
  const records = new Map(
    Object.entries(host.records).map(([path, value]) => {
      const bytes = encodeCbor(value)
      return [path, { value, cid: cidOf('dag-cbor', bytes), bytes }] as const
    }),
  )
  const { root, blocks } = buildMst([...records].map(([path, { cid }]) => [path, cid] as const))
  return { records, root, nodes: blocks }
}

function blocksOf({ row, repo }: LoadedRepo): Map<string, CarBlock> {
  const blocks: { readonly cid: Cid; readonly bytes: Uint8Array }[] = [
    row.commit,
    ...repo.nodes,
    ...repo.records.values(),
  ]
  return new Map(blocks.map(({ cid, bytes }) => [String(cid), { cid, bytes }]))
}

function isSame(one: ServedRow | undefined, other: ServedRow | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  return (
    one.rev === other.rev &&
    one.status === other.status &&
    one.handle === other.handle &&
    one.signedBy === other.signedBy
  )
}
