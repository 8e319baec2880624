import { ExprsnError } from '@exprsn/core'
import { indexCar, isTid } from '../codec/index.ts'
import {
  checkCommitSignature,
  readCommit,
  readCommitMessage,
  verifyCommit,
  type CommitMessage,
  type VerifiedOperation,
} from '../repo/index.ts'
import type { CommitPlace } from './continuity.ts'
import { syncErrors } from './errors.ts'
import type { RecordCandidate } from './record-changes.ts'
import type { SyncSettings } from './settings.ts'
import type { SourceMessage } from './sync-source.ts'

/** A message after every check that needs no database. */
export type PreparedMessage =
  | {
      readonly kind: 'commit'
      readonly place: CommitPlace
      /** Root of the tree as text. */
      readonly data: string
      readonly candidates: readonly RecordCandidate[]
    }
  | { readonly kind: 'sync'; readonly rev: string; readonly data: string }
  /** Nothing of it may be applied; the newest revision it claims, if it says one. */
  | {
      readonly kind: 'invalid'
      readonly rev: string | undefined
      /** Its commit is of another account than the message: nobody can tell whose it was. */
      readonly isMisaddressed: boolean
      readonly error: unknown
    }
  | Extract<SourceMessage, { kind: 'identity' | 'account' | 'record' }>

/**
 * Checks signature and proof of a message. A signature that does not fit makes us ask for the key again, once.
 *
 * @throws what `resolveSigningKey` throws: that is not the message's fault
 */
export async function prepareMessage(
  settings: SyncSettings,
  message: SourceMessage,
  signal: AbortSignal,
): Promise<PreparedMessage> {
  if (message.kind !== 'commit' && message.kind !== 'sync') return message
  const key = await keyOf(settings, message, signal)
  if (typeof key !== 'string') return key
  const first = check(settings, message, key)
  if (first.kind !== 'invalid' || !isBadSignature(first.error)) return first
  const newer = await settings.keys.refresh(message.did, signal)
  return newer === undefined || newer === key ? first : check(settings, message, newer)
}

/** The key; for an account that nobody knows because the message names it wrongly, what to make of the message. */
async function keyOf(
  { keys }: SyncSettings,
  message: CommitSourceMessage,
  signal: AbortSignal,
): Promise<string | Invalid> {
  try {
    return await keys.get(message.did, signal)
  } catch (error) {
    const result = invalid(message, error)
    if (result.isMisaddressed) return result
    throw error
  }
}

/** Whether an error says that the key is another one. */
export function isBadSignature(error: unknown): boolean {
  return error instanceof ExprsnError && error.code === 'ATPROTO_COMMIT_SIGNATURE_INVALID'
}

type CommitSourceMessage = Extract<SourceMessage, { kind: 'commit' | 'sync' }>

type Invalid = Extract<PreparedMessage, { kind: 'invalid' }>

function check(settings: SyncSettings, message: CommitSourceMessage, signingKey: string): PreparedMessage {
  try {
    return message.kind === 'commit'
      ? checkCommit(settings, readCommitMessage(message.body), signingKey)
      : checkSync(message, signingKey)
  } catch (error) {
    return invalid(message, error)
  }
}

/**
 * Neither the message nor its commit is to be believed, but what one of them says was changed the other still says: of two
 * revisions the newer counts, lest a damaged one make the message look like one that was applied long ago.
 */
function invalid(message: CommitSourceMessage, error: unknown): Invalid {
  const commit = commitIn(message)
  const revs = [message.kind === 'sync' ? message.rev : message.body.rev, commit?.rev]
  const rev = revs
    .filter((one): one is string => typeof one === 'string' && isTid(one))
    .toSorted()
    .at(-1)
  return { kind: 'invalid', rev, isMisaddressed: commit !== undefined && commit.did !== message.did, error }
}

/** The commit that a message carries, unchecked; undefined when it cannot be read. */
function commitIn(message: CommitSourceMessage): ReturnType<typeof readCommit> | undefined {
  try {
    const car = indexCar(message.kind === 'sync' ? message.blocks : (message.body.blocks as Uint8Array))
    return readCommit(car.get(car.roots[0]!)!)
  } catch {
    return undefined
  }
}

function checkCommit(
  { proof, clock, maxClockSkew }: SyncSettings,
  message: CommitMessage,
  signingKey: string,
): PreparedMessage {
  const { state, operations } = verifyCommit(message, { signingKey, proof, clock, maxClockSkew })
  const { rev, since, prevData } = message
  const place = { rev, since, prevData: prevData === undefined ? undefined : String(prevData) }
  return { kind: 'commit', place, data: String(state.data), candidates: lastOfEachPath(operations) }
}

/** A commit may delete and create the same path: what it leaves there is all that counts. */
function lastOfEachPath(operations: readonly VerifiedOperation[]): RecordCandidate[] {
  const last = new Map<string, RecordCandidate>()
  for (const { path, cid, value } of operations) {
    last.delete(path)
    last.set(path, { path, record: cid === undefined ? undefined : { cid: String(cid), value: value! } })
  }
  return [...last.values()]
}

function checkSync(message: Extract<CommitSourceMessage, { kind: 'sync' }>, signingKey: string): PreparedMessage {
  const car = indexCar(message.blocks)
  const root = car.roots[0]
  const block = root === undefined ? undefined : car.get(root)
  if (block === undefined) throw syncErrors.ATPROTO_SYNC_MESSAGE_INVALID({ reason: 'its commit is missing' })
  const commit = readCommit(block)
  if (commit.did !== message.did)
    throw syncErrors.ATPROTO_SYNC_MESSAGE_INVALID({ reason: `its commit is of ${commit.did}` })
  if (commit.rev !== message.rev)
    throw syncErrors.ATPROTO_SYNC_MESSAGE_INVALID({ reason: 'its revision is not that of its commit' })
  checkCommitSignature(block, signingKey)
  return { kind: 'sync', rev: message.rev, data: String(commit.data) }
}
