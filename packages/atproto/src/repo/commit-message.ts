import { Cid, indexCar, isTid, type CarIndex, type DataObject, type DataValue } from '../codec/index.ts'
import { repoErrors } from './errors.ts'
import { isRecordPath } from './record-path.ts'

/** What a commit did to one record. */
export interface RepoOperation {
  readonly action: 'create' | 'update' | 'delete'
  readonly path: string
  /** The record now; undefined after a delete. */
  readonly cid: Cid | undefined
  /** The record before. Older hosts leave it out; a create that follows a delete in one commit may carry it. */
  readonly prev: Cid | undefined
}

/** A `#commit` of `com.atproto.sync.subscribeRepos`, its fields checked for their types. */
export interface CommitMessage {
  readonly seq: number
  readonly did: string
  /** CID of the commit. */
  readonly commit: Cid
  readonly rev: string
  /** The revision before; undefined in the first commit of a repository. */
  readonly since: string | undefined
  /** Root of the tree before; hosts older than Sync 1.1 leave it out. */
  readonly prevData: Cid | undefined
  readonly operations: readonly RepoOperation[]
  /** Commit, records and the nodes that prove the operations, each with the hash of its CID. */
  readonly blocks: CarIndex
  readonly time: string
  /** The host left the content out: fetch the repository. Only older hosts do. */
  readonly tooBig: boolean
}

/** Most operations of one commit, and most bytes of its blocks (com.atproto.sync.subscribeRepos). */
const maximumOperations = 200
const maximumBlockBytes = 2_000_000

/**
 * Reads the body of a `#commit` message and checks the hashes of its blocks.
 *
 * @throws `ATPROTO_COMMIT_INVALID`, `ATPROTO_CAR_INVALID`, `ATPROTO_CAR_LIMIT`
 */
export function readCommitMessage(body: DataObject): CommitMessage {
  const { seq, repo, commit, rev, since, prevData, ops, blocks, time, tooBig } = body
  if (typeof seq !== 'number') throw invalid('seq')
  if (typeof repo !== 'string' || !repo.startsWith('did:')) throw invalid('repo')
  if (!(commit instanceof Cid)) throw invalid('commit')
  if (typeof rev !== 'string' || !isTid(rev)) throw invalid('rev')
  if (!(blocks instanceof Uint8Array)) throw invalid('blocks')
  if (!Array.isArray(ops) || ops.length > maximumOperations) throw invalid('ops')
  const isBig = tooBig === true
  return {
    seq,
    did: repo,
    commit,
    rev,
    since: textOrNothing(since, 'since'),
    prevData: cidOrNothing(prevData, 'prevData'),
    operations: ops.map(readOperation),
    blocks: indexCar(blocks, { maxBytes: isBig ? undefined : maximumBlockBytes }),
    time: textOrNothing(time, 'time') ?? '',
    tooBig: isBig,
  }
}

function readOperation(operation: DataValue): RepoOperation {
  const { action, path, cid, prev } = (operation ?? {}) as DataObject
  if (action !== 'create' && action !== 'update' && action !== 'delete') throw invalid('ops/action')
  if (typeof path !== 'string' || !isRecordPath(path)) throw invalid('ops/path')
  const current = cidOrNothing(cid, 'ops/cid')
  if ((current === undefined) !== (action === 'delete')) throw invalid('ops/cid')
  return { action, path, cid: current, prev: cidOrNothing(prev, 'ops/prev') }
}

function cidOrNothing(value: DataValue | undefined, field: string): Cid | undefined {
  if (value === undefined || value === null) return undefined
  if (!(value instanceof Cid)) throw invalid(field)
  return value
}

function textOrNothing(value: DataValue | undefined, field: string): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalid(field)
  return value
}

function invalid(field: string): Error {
  return repoErrors.ATPROTO_COMMIT_INVALID({ reason: `its field ${field} is missing or wrong` })
}
