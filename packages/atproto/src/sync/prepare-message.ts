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
  /** Nothing of it may be applied; the revision it claims, if it says one. */
  | { readonly kind: 'invalid'; readonly rev: string | undefined; readonly error: unknown }
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
  const key = await settings.keys.get(message.did, signal)
  const first = check(settings, message, key)
  if (first.kind !== 'invalid' || !isBadSignature(first.error)) return first
  const newer = await settings.keys.refresh(message.did, signal)
  return newer === undefined || newer === key ? first : check(settings, message, newer)
}

/** Whether an error says that the key is another one. */
export function isBadSignature(error: unknown): boolean {
  return error instanceof ExprsnError && error.code === 'ATPROTO_COMMIT_SIGNATURE_INVALID'
}

function check(
  settings: SyncSettings,
  message: Extract<SourceMessage, { kind: 'commit' | 'sync' }>,
  signingKey: string,
): PreparedMessage {
  try {
    return message.kind === 'commit'
      ? checkCommit(settings, readCommitMessage(message.body), signingKey)
      : checkSync(message, signingKey)
  } catch (error) {
    const rev = message.kind === 'sync' ? message.rev : message.body.rev
    return { kind: 'invalid', rev: typeof rev === 'string' && isTid(rev) ? rev : undefined, error }
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

function checkSync(message: Extract<SourceMessage, { kind: 'sync' }>, signingKey: string): PreparedMessage {
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
