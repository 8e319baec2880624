import {
  createTidGenerator,
  cidOf,
  encodeCbor,
  writeCar,
  type CarBlock,
  type Cid,
  type DataObject,
} from '../codec/index.ts'
import { systemClock, type Clock } from '@exprsn/core'
import { tableNames, type Database, type MigrationNaming, type MigrationSet } from '@exprsn/core/database'
import type { SigningKey } from '../crypto/index.ts'
import { buildMst, createRecordProof, signCommit } from '../repo/index.ts'
import { federationErrors } from './errors.ts'

/** What the host gives as a repository. */
export interface HostRepo {
  /** Signs it: the key in the document of its DID. */
  readonly key: SigningKey
  /** Records by path; `$type` is that of their collection. */
  readonly records: Readonly<Record<string, DataObject>>
}

/** Bytes that records point to. */
export interface HostBlob {
  readonly mimeType: string
  readonly bytes: Uint8Array
}

/** Options of {@link createServedRepos}. */
export interface ServedReposOptions extends MigrationNaming {
  /** Where the last commits are kept: the same for all processes. */
  readonly database: Database
  /** The DIDs with a repository. */
  readonly list: () => readonly string[] | Promise<readonly string[]>
  /** The repository of a DID; undefined when there is none. It is read anew for every request. */
  readonly read: (did: string) => HostRepo | undefined | Promise<HostRepo | undefined>
  /** Bytes by their CID. @default there are none */
  readonly blob?: ((did: string, cid: string) => HostBlob | undefined | Promise<HostBlob | undefined>) | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** The state of a served repository. */
export interface ServedHead {
  readonly did: string
  /** CID of the commit as text. */
  readonly cid: string
  readonly rev: string
}

/** The host's records as repositories that anybody can verify. Made by {@link createServedRepos}. */
export interface ServedRepos {
  /** The table of the last commits, for `migrate`. */
  readonly migrations: readonly MigrationSet[]
  /** @throws `ATPROTO_SERVED_REPO_UNKNOWN` */
  head(did: string): Promise<ServedHead>
  /** The whole repository as a CAR. @throws `ATPROTO_SERVED_REPO_UNKNOWN` */
  archive(did: string): Promise<Uint8Array>
  /** The CAR that proves a record, or that there is none. @throws `ATPROTO_SERVED_REPO_UNKNOWN` */
  proof(did: string, path: string): Promise<Uint8Array>
  /** A record. @throws `ATPROTO_SERVED_REPO_UNKNOWN`, `ATPROTO_SERVED_RECORD_UNKNOWN` */
  record(did: string, path: string): Promise<{ readonly cid: string; readonly value: DataObject }>
  /** @throws `ATPROTO_SERVED_RECORD_UNKNOWN` */
  blob(did: string, cid: string): Promise<HostBlob>
  /** Heads in the order of their DIDs. */
  list(page: { readonly after: string; readonly limit: number }): Promise<readonly ServedHead[]>
}

/** The table of `createServedRepos`. */
export const servedRepoMigrations: MigrationSet = {
  name: 'atproto-served-repos',
  migrations: [
    {
      id: '001-served',
      sqlite: (names) => table(names.table('served_repo'), 'blob'),
      postgres: (names) => table(names.table('served_repo'), 'bytea'),
    },
  ],
}

function table(name: string, bytes: string): string {
  return `create table ${name} (did varchar(300) primary key, rev text not null, data text not null, block ${bytes} not null);`
}

/**
 * Serves records of the host as repositories, read-only: the host is its own PDS for accounts that only it writes. A new commit
 * is signed when the records have changed since the last one; it is kept, so that all processes give the same.
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
  const { database, list, read, blob, prefix, schema, clock = systemClock } = options
  const name = tableNames(database.dialect, { prefix, schema }).table('served_repo')

  async function load(did: string): Promise<LoadedRepo> {
    const repo = await read(did)
    if (repo === undefined) throw federationErrors.ATPROTO_SERVED_REPO_UNKNOWN({ did })
    const records = new Map(
      Object.entries(repo.records).map(([path, value]) => {
        const bytes = encodeCbor(value)
        return [path, { value, cid: cidOf('dag-cbor', bytes), bytes }] as const
      }),
    )
    const tree = buildMst([...records].map(([path, { cid }]) => [path, cid] as const))
    const commit = await commitOf(did, tree.root, repo.key)
    return { ...commit, records, nodes: tree.blocks }
  }

  /** The kept commit, or a new one when the records are others than it says. */
  async function commitOf(
    did: string,
    data: Cid,
    key: SigningKey,
  ): Promise<{ readonly rev: string; readonly commit: CarBlock }> {
    const known = await readCommitRow(did)
    if (known?.data === String(data)) return known
    return database.transaction(async (tx) => {
      const insert = `insert into ${name} as known (did, rev, data, block) values ($1, $2, $3, $4)
on conflict (did) do update set rev = known.rev returning rev, data, block`
      const first = signed(did, data, key, undefined)
      const { rows } = await tx.query(insert, [did, first.rev, String(data), first.commit.bytes])
      const current = rowOf(rows[0]!)
      if (current.data === String(data)) return current
      const next = signed(did, data, key, current.rev)
      const update = `update ${name} set rev = $2, data = $3, block = $4 where did = $1`
      await tx.query(update, [did, next.rev, String(data), next.commit.bytes])
      return next
    })
  }

  function signed(did: string, data: Cid, key: SigningKey, after: string | undefined) {
    const rev = createTidGenerator({ clock, after })()
    return { rev, commit: signCommit({ did, rev, data }, key) }
  }

  async function readCommitRow(did: string) {
    const { rows } = await database.query(`select rev, data, block from ${name} where did = $1`, [did])
    return rows[0] === undefined ? undefined : rowOf(rows[0])
  }

  function sourceOf({ commit, nodes, records }: LoadedRepo) {
    const blocks = new Map([commit, ...nodes, ...records.values()].map(({ cid, bytes }) => [String(cid), bytes]))
    return { get: (cid: Cid) => blocks.get(String(cid)) }
  }

  const headOf = (did: string, { rev, commit }: LoadedRepo): ServedHead => ({ did, rev, cid: String(commit.cid) })

  return {
    migrations: [servedRepoMigrations],
    head: async (did) => headOf(did, await load(did)),
    async archive(did) {
      const { commit, nodes, records } = await load(did)
      const blocks = new Map<string, CarBlock>()
      for (const { cid, bytes } of [commit, ...nodes, ...records.values()]) blocks.set(String(cid), { cid, bytes })
      return writeCar([commit.cid], blocks.values())
    },
    async proof(did, path) {
      const repo = await load(did)
      return createRecordProof(sourceOf(repo), repo.commit.cid, path)
    },
    async record(did, path) {
      const found = (await load(did)).records.get(path)
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
  }
}

interface LoadedRepo {
  readonly rev: string
  readonly commit: CarBlock
  readonly nodes: readonly CarBlock[]
  readonly records: ReadonlyMap<string, { readonly value: DataObject; readonly cid: Cid; readonly bytes: Uint8Array }>
}

function rowOf(row: Readonly<Record<string, unknown>>) {
  const bytes = new Uint8Array(row.block as Uint8Array)
  return { rev: String(row.rev), data: String(row.data), commit: { cid: cidOf('dag-cbor', bytes), bytes } }
}
