import { systemClock, type Clock } from '@exprsn/core'
import { CborReader, parseTid, type Cid, type DataObject } from '../codec/index.ts'
import { checkCommitSignature, readCommit } from './commit.ts'
import type { CommitMessage, RepoOperation } from './commit-message.ts'
import { repoErrors } from './errors.ts'
import { openMst, type Mst } from './mst.ts'

/** What is known of a repository: its revision and the root of its tree. */
export interface RepoState {
  readonly rev: string
  readonly data: Cid
}

/** Options of {@link verifyCommit}. */
export interface VerifyCommitOptions {
  /** The account's key as a did:key. */
  readonly signingKey: string
  /** The state that the commit should follow. @default none: whether it follows stays open */
  readonly previous?: RepoState | undefined
  /**
   * `inductive` (Sync 1.1) takes the operations back and compares with the root before, which finds every operation that was
   * left out or made up. `legacy`, for older hosts, only checks that each operation holds in the tree.
   * @default 'inductive'
   */
  readonly proof?: 'inductive' | 'legacy' | undefined
  /** How far ahead of the clock a revision may be, in milliseconds. @default 300000 */
  readonly maxClockSkew?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** An operation with the record that it leaves. */
export interface VerifiedOperation extends RepoOperation {
  /** undefined after a delete. */
  readonly value: DataObject | undefined
}

/** What {@link verifyCommit} found. */
export interface VerifiedCommit {
  /**
   * `follows` the known state; `first`: there is none, or none is known; `stale`: the state is already as new; `gap`: commits
   * in between are missing, so the whole repository is needed.
   */
  readonly continuity: 'follows' | 'first' | 'stale' | 'gap'
  /** The state after the commit. */
  readonly state: RepoState
  readonly operations: readonly VerifiedOperation[]
}

/**
 * Verifies a commit of the event stream by itself and against what is known: signed by the key, of the account and revision
 * that the message names, every operation true in its tree, and no other (Sync 1.1). What it returns may be applied when it
 * `follows`.
 *
 * @throws `ATPROTO_COMMIT_INVALID`, `ATPROTO_COMMIT_SIGNATURE_INVALID`, `ATPROTO_MST_INVALID`, `ATPROTO_MST_BLOCK_MISSING`,
 * `ATPROTO_CBOR_INVALID`
 * @example
 * ```ts no-run
 * import { decodeFrame, readCommitMessage, verifyCommit } from '@exprsn/atproto/repo'
 *
 * declare const frame: Uint8Array // from com.atproto.sync.subscribeRepos
 * const message = decodeFrame(frame)
 * if (message.type === '#commit') {
 *   const verified = verifyCommit(readCommitMessage(message.body), { signingKey: 'did:key:zQ3s…' })
 *   for (const { action, path, value } of verified.operations) console.log(action, path, value)
 * }
 * ```
 */
export function verifyCommit(message: CommitMessage, options: VerifyCommitOptions): VerifiedCommit {
  const { signingKey, previous, proof = 'inductive', maxClockSkew = 300_000, clock = systemClock } = options
  if (message.tooBig) throw invalid('its host left its content out')
  if (parseTid(message.rev).microseconds / 1000 > clock.now() + maxClockSkew)
    throw invalid('its revision is in the future')
  const data = checkedData(message, signingKey)
  const operations = message.operations.map((operation) => ({ ...operation, value: recordOf(message, operation) }))
  const tree = openMst({ source: message.blocks, root: data })
  checkOperations(tree, message.operations)
  if (proof === 'inductive') checkInduction(tree, message)
  return { continuity: continuityOf(message, previous, proof), state: { rev: message.rev, data }, operations }
}

/** The root of the tree in the signed commit. */
function checkedData(message: CommitMessage, signingKey: string): Cid {
  const root = message.blocks.roots[0]
  if (!message.commit.equals(root)) throw invalid('its blocks are of another commit')
  const block = message.blocks.get(message.commit)
  if (block === undefined) throw invalid('its block is missing')
  const commit = readCommit(block)
  if (commit.did !== message.did) throw invalid(`it is of ${commit.did}, not of ${message.did}`)
  if (commit.rev !== message.rev) throw invalid('its revision is not that of its message')
  checkCommitSignature(block, signingKey)
  return commit.data
}

function recordOf({ blocks }: CommitMessage, { cid, path }: RepoOperation): DataObject | undefined {
  if (cid === undefined) return undefined
  const number = blocks.find(cid.bytes, 0)
  if (number < 0) throw invalid(`the record ${path} is missing`)
  const start = blocks.startOf(number)
  if (blocks.bytes[start]! >> 5 !== 5) throw invalid(`the record ${path} is not a map`)
  return new CborReader().decode(blocks.bytes, start, blocks.endOf(number)) as DataObject
}

/** The last operation on each path must be what the tree has. */
function checkOperations(tree: Mst, operations: readonly RepoOperation[]): void {
  const last = new Map(operations.map((operation) => [operation.path, operation]))
  for (const { path, cid } of last.values()) {
    const found = tree.get(path)
    const isRight = cid === undefined ? found === undefined : cid.equals(found)
    if (!isRight) throw invalid(`the operation on ${path} is not what its tree has`)
  }
}

/** Takes the operations back, the last one first: what is left must be the tree before. */
function checkInduction(tree: Mst, { operations, prevData, since }: CommitMessage): void {
  for (const { action, path, cid, prev } of operations.toReversed()) {
    if (action === 'create') {
      const found = tree.get(path)
      if (!cid!.equals(found)) throw invalid(`the record ${path} was not created by it`)
      tree.delete(path)
    } else {
      if (prev === undefined) throw invalid(`the operation on ${path} does not say what was there before`)
      const found = tree.get(path)
      const isRight = action === 'delete' ? found === undefined : cid!.equals(found)
      if (!isRight) throw invalid(`the operation on ${path} cannot be taken back`)
      tree.set(path, prev)
    }
  }
  const before = tree.root()
  // The first commit of a repository comes from nothing.
  const isRight = prevData === undefined ? since === undefined && isEmpty(tree) : prevData.equals(before)
  if (!isRight) throw invalid('its operations do not lead from the tree before to its own')
}

function isEmpty(tree: Mst): boolean {
  return tree.entries().next().done === true
}

function continuityOf(
  { rev, since, prevData }: CommitMessage,
  previous: RepoState | undefined,
  proof: 'inductive' | 'legacy',
): VerifiedCommit['continuity'] {
  if (previous === undefined) return 'first'
  // Revisions are TIDs: their order as text is their order in time.
  if (rev <= previous.rev) return 'stale'
  const sameData = proof === 'legacy' && prevData === undefined ? true : previous.data.equals(prevData)
  return since === previous.rev && sameData ? 'follows' : 'gap'
}

function invalid(reason: string): Error {
  return repoErrors.ATPROTO_COMMIT_INVALID({ reason })
}
