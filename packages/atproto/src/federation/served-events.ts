import { buildMst, createCommit, encodeFrame, signCommit, type RepoWrite } from '../repo/index.ts'
import { createTidGenerator, writeCar, type CarBlock, type Cid, type DataObject } from '../codec/index.ts'
import type { Clock } from '@exprsn/core'
import type { EncodedRepo, HostRepo } from './served-repo.ts'
import type { ServedEvent, ServedRow } from './served-store.ts'

/** Most operations of one `#commit`, and most bytes of its blocks (com.atproto.sync.subscribeRepos). */
const maximumOperations = 200
const maximumBlockBytes = 2_000_000

/** What there was, what there is now, and where the stream stands. */
export interface Change {
  readonly did: string
  readonly before: ServedRow | undefined
  /** CIDs of the records of the commit before. */
  readonly known: ReadonlyMap<string, Cid>
  readonly host: HostRepo
  readonly repo: EncodedRepo
  /** Number of the newest event. */
  readonly last: number
  readonly clock: Clock
}

/** What a change leaves. */
export interface Advance {
  readonly row: ServedRow
  readonly events: readonly ServedEvent[]
  /** Whether the records are those of the host from now on; an account that is not active keeps its last commit. */
  readonly committed: boolean
}

/** Whether everything that the stream has said of a repository still holds. */
export function isCurrent(row: ServedRow, host: HostRepo, repo: EncodedRepo): boolean {
  const { status = 'active', handle, key } = host
  if (row.status !== status || row.handle !== handle) return false
  return status !== 'active' || (row.data === String(repo.root) && row.signedBy === key.didKey)
}

/**
 * Decides what the stream says of a change: `#identity` for a new handle or key, `#account` for a new status, and `#commit`
 * with its proof; `#sync` instead for what is too much for one commit, for accounts that come back, and where the commit
 * before is not known record by record.
 */
export function advance(change: Change): Advance {
  const { did, before, host, repo, last, clock } = change
  const { status = 'active', handle, key } = host
  const time = new Date(clock.now()).toISOString()
  const frames: ((seq: number) => Uint8Array)[] = []
  const isNew = before === undefined || before.status === 'deleted'
  if (isNew || before.handle !== handle || (before.signedBy ?? key.didKey) !== key.didKey) {
    const named = handle === undefined ? {} : { handle }
    frames.push((seq) => encodeFrame('#identity', { seq, did, time, ...named }))
  }
  if (isNew || (before.status ?? 'active') !== status) frames.push((seq) => accountFrame(seq, did, status, time))

  const isActive = status === 'active'
  // What was deleted begins with a revision that nobody has seen before.
  const isChanged = isNew || before.data !== String(repo.root) || before.signedBy !== key.didKey
  const isBack = isActive && before?.status !== undefined && before.status !== 'active'
  let commit = before?.commit
  let rev = before?.rev
  if (commit === undefined || rev === undefined || (isActive && isChanged)) {
    rev = createTidGenerator({ clock, after: before?.rev })()
    const made = isBack || !isActive ? undefined : commitFrame(change, rev, time)
    commit = made?.commit ?? signCommit({ did, rev, data: repo.root }, key)
    if (made !== undefined) frames.push(made.frame)
    else if (isActive) frames.push(syncFrame(did, rev, commit, time))
  } else if (isBack) frames.push(syncFrame(did, rev, commit, time))
  const committed = before === undefined || isActive
  return {
    row: {
      rev,
      data: committed ? String(repo.root) : before.data,
      commit,
      status,
      handle,
      signedBy: committed ? key.didKey : before.signedBy,
    },
    events: frames.map((frame, index) => ({ seq: last + 1 + index, frame: frame(last + 1 + index) })),
    committed,
  }
}

/** What the stream says of an account's status. */
export function accountFrame(seq: number, did: string, status: string, time: string): Uint8Array {
  const active = status === 'active'
  return encodeFrame('#account', { seq, did, time, active, ...(active ? {} : { status }) })
}

function syncFrame(did: string, rev: string, commit: CarBlock, time: string): (seq: number) => Uint8Array {
  const blocks = writeCar([commit.cid], [commit])
  return (seq) => encodeFrame('#sync', { seq, did, blocks, rev, time })
}

/** The commit as a change of the one before; undefined when it cannot be told as one. */
function commitFrame(
  { did, before, known, host, repo }: Change,
  rev: string,
  time: string,
): { readonly commit: CarBlock; readonly frame: (seq: number) => Uint8Array } | undefined {
  const writes = differenceOf(known, repo)
  if (writes.length > maximumOperations) return undefined
  const tree = buildMst([...known])
  if (before !== undefined && before.data !== String(tree.root)) return undefined
  const blocks = new Map([...tree.blocks].map(({ cid, bytes }) => [String(cid), bytes]))
  const created = createCommit({
    did,
    key: host.key,
    previous: before === undefined ? undefined : { rev: before.rev, data: tree.root },
    source: { get: (cid) => blocks.get(String(cid)) },
    writes,
    rev,
  })
  if (created.proof.length > maximumBlockBytes) return undefined
  const ops = created.operations.map(({ action, path, cid, prev }) => ({
    action,
    path,
    cid: cid ?? null,
    ...(prev === undefined ? {} : { prev }),
  }))
  const body: DataObject = {
    repo: did,
    commit: created.commit.cid,
    rev,
    since: before?.rev ?? null,
    ...(before === undefined ? {} : { prevData: tree.root }),
    ops,
    blocks: created.proof,
    blobs: [],
    time,
    rebase: false,
    tooBig: false,
  }
  return { commit: created.commit, frame: (seq) => encodeFrame('#commit', { ...body, seq }) }
}

/** What leads from the records that were to those that are. */
function differenceOf(known: ReadonlyMap<string, Cid>, { records }: EncodedRepo): RepoWrite[] {
  const writes: RepoWrite[] = []
  for (const path of known.keys()) if (!records.has(path)) writes.push({ action: 'delete', path })
  for (const [path, { cid, value }] of records) {
    const prev = known.get(path)
    if (prev === undefined) writes.push({ action: 'create', path, value })
    else if (String(prev) !== String(cid)) writes.push({ action: 'update', path, value })
  }
  return writes
}
