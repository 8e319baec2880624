import type { Transaction } from '@exprsn/core/database'
import { applyCandidates } from './apply-candidates.ts'
import { callHandler } from './call-handler.ts'
import { continuityOf } from './continuity.ts'
import { syncErrors } from './errors.ts'
import type { PreparedMessage } from './prepare-message.ts'
import type { RepoRow } from './repo-row.ts'
import type { SyncSettings } from './settings.ts'
import type { SourceMessage } from './sync-source.ts'
import type { SyncTally } from './sync-tally.ts'

/** What a message is applied in. */
export interface ApplyContext {
  readonly settings: SyncSettings
  readonly tx: Transaction
  readonly epoch: number
  /** Counted into; thrown away when the transaction is undone. */
  readonly tally: Partial<SyncTally>
  readonly signal: AbortSignal
}

/** No repository is fetched more often than this because of what a stream says. */
const fetchInterval = 1_000

/** Records of a deleted account that are handled at once. */
const deletionChunk = 500

/**
 * Applies a message: the handler, the map of records and the head of the repository change in one transaction. The row is
 * read under its lock, so that a message has no effect the second time, whoever applies it.
 */
export async function applyMessage(
  context: ApplyContext,
  { did, seq }: SourceMessage,
  prepared: PreparedMessage,
): Promise<void> {
  const { settings, tx, epoch } = context
  const row = await settings.store.lockRepo(tx, did, epoch)
  const next = await nextRow(context, row, prepared, seq)
  // A count of its own begins with each epoch.
  const last = row.epoch === epoch ? Math.max(row.seq, seq) : seq
  await settings.store.saveRepo(tx, { ...next, seq: last, epoch })
}

async function nextRow(context: ApplyContext, row: RepoRow, prepared: PreparedMessage, seq: number): Promise<RepoRow> {
  switch (prepared.kind) {
    case 'commit':
      return applyCommit(context, row, prepared)
    case 'sync':
      return applySync(context, row, prepared)
    case 'invalid':
      return applyInvalid(context, row, prepared)
    default:
      // These carry no proof: their number says whether they were applied.
      if (row.epoch === context.epoch && seq <= row.seq && !isUnordered(prepared)) return stale(context, row)
      if (prepared.kind === 'record')
        return prepared.rev < (row.rev ?? '') ? stale(context, row) : applyRecord(context, row, prepared)
      // What is told later must not overtake what waits.
      return row.notices === undefined ? applyNotice(context, row, prepared) : withNotice(row, prepared)
  }
}

function isUnordered(message: Prepared<'record' | 'account' | 'identity'>): boolean {
  return message.kind === 'record' && message.unordered === true
}

type Prepared<Kind extends PreparedMessage['kind']> = Extract<PreparedMessage, { kind: Kind }>

async function applyCommit(context: ApplyContext, row: RepoRow, commit: Prepared<'commit'>): Promise<RepoRow> {
  const { settings, tx, tally, signal } = context
  const { place, data, candidates } = commit
  switch (continuityOf(place, row, settings.proof)) {
    case 'stale':
      return stale(context, row)
    case 'note':
      return noted(context, row, place.rev)
    case 'gap':
      return desynced(context, row, place.rev, syncErrors.ATPROTO_SYNC_GAP({ did: row.did, rev: place.rev }))
    case 'apply': {
      const set = { did: row.did, rev: place.rev, live: true, verified: true, candidates }
      await applyCandidates(settings, tx, set, tally, signal)
      return { ...row, rev: place.rev, data, state: 'synced', error: undefined }
    }
  }
}

function applySync(context: ApplyContext, row: RepoRow, { rev, data }: Prepared<'sync'>): RepoRow {
  if (row.state === 'desynced') return noted(context, row, rev)
  if (row.rev !== undefined && rev <= row.rev) return stale(context, row)
  if (row.state === 'synced' && row.data === data) return { ...row, rev }
  return desynced(context, row, rev, syncErrors.ATPROTO_SYNC_GAP({ did: row.did, rev }))
}

function applyInvalid(context: ApplyContext, row: RepoRow, message: Prepared<'invalid'>): RepoRow {
  const { rev, isMisaddressed, error } = message
  if (isMisaddressed) {
    context.settings.logger.warn({ did: row.did, error }, 'a message is damaged: its commit is of another account')
    context.tally.damaged = (context.tally.damaged ?? 0) + 1
    return row
  }
  if (row.state === 'desynced') return rev === undefined ? row : noted(context, row, rev)
  if (rev !== undefined && row.rev !== undefined && rev <= row.rev) return stale(context, row)
  context.settings.logger.warn({ did: row.did, error }, 'a commit is invalid: its repository is fetched')
  // Its revision may be made up, too; that costs a few more fetches at most.
  return desynced(context, row, rev, error)
}

async function applyRecord(context: ApplyContext, row: RepoRow, message: Prepared<'record'>): Promise<RepoRow> {
  const { settings, tx, tally, signal } = context
  const { did, rev, path, record, live } = message
  await applyCandidates(
    settings,
    tx,
    { did, rev, live, verified: false, candidates: [{ path, record }] },
    tally,
    signal,
  )
  return { ...row, rev, state: 'synced' }
}

/** What a message says of the account itself. */
export type Notice = Prepared<'account' | 'identity'>

/** Tells the handler of an account's status or identity. @returns the row from now on */
export function applyNotice(context: ApplyContext, row: RepoRow, notice: Notice): Promise<RepoRow> {
  return notice.kind === 'account' ? applyAccount(context, row, notice) : applyIdentity(context, row, notice)
}

/** Keeps a notice for later; of each kind the newest. */
export function withNotice(row: RepoRow, notice: Notice): RepoRow {
  const others = noticesOf(row).filter(({ kind }) => kind !== notice.kind)
  return { ...row, notices: JSON.stringify([...others, notice]) }
}

/** What was kept. */
export function noticesOf({ notices }: RepoRow): Notice[] {
  return notices === undefined ? [] : (JSON.parse(notices) as Notice[])
}

async function applyIdentity(context: ApplyContext, row: RepoRow, message: Prepared<'identity'>): Promise<RepoRow> {
  const { settings, tx, signal } = context
  await callHandler(settings, { type: 'identity', did: row.did, handle: message.handle }, tx, signal)
  return row
}

async function applyAccount(context: ApplyContext, row: RepoRow, message: Prepared<'account'>): Promise<RepoRow> {
  const { settings, tx, signal } = context
  const { active, status } = message
  const told = await tellAccount(context, row, status)
  if (status === 'deleted') {
    const gone = {
      ...row,
      account: status,
      state: 'gone',
      data: undefined,
      wantedRev: undefined,
      claim: undefined,
    } as const
    await deleteRecords(settings, tx, row, context.tally, signal)
    return { ...gone, error: undefined, attempts: 0 }
  }
  // One that comes back may have changed meanwhile, and what could not be fetched now can.
  const isDue = active && told && row.state === 'desynced'
  return isDue ? { ...row, account: status, retryAt: settings.clock.now(), attempts: 0 } : { ...row, account: status }
}

/** Tells the handler of an account's status unless it knows. @returns whether it was told */
export async function tellAccount(
  { settings, tx, signal }: Pick<ApplyContext, 'settings' | 'tx' | 'signal'>,
  { did, account }: RepoRow,
  status: string,
): Promise<boolean> {
  if (account === status) return false
  await callHandler(settings, { type: 'account', did, active: status === 'active', status }, tx, signal)
  return true
}

/** A deleted account takes its records along. */
async function deleteRecords(
  settings: SyncSettings,
  tx: Transaction,
  { did, rev = '' }: RepoRow,
  tally: Partial<SyncTally>,
  signal: AbortSignal,
): Promise<void> {
  const paths = [...(await settings.store.allRecords(tx, did)).keys()].sort()
  for (let index = 0; index < paths.length; index += deletionChunk) {
    const candidates = paths.slice(index, index + deletionChunk).map((path) => ({ path, record: undefined }))
    // Also of collections that are no longer wanted: what was told has to be taken back.
    const everything = { ...settings, wants: () => true }
    await applyCandidates(everything, tx, { did, rev, live: true, verified: true, candidates }, tally, signal)
  }
}

function stale({ tally }: ApplyContext, row: RepoRow): RepoRow {
  tally.stale = (tally.stale ?? 0) + 1
  return row
}

/** Remembers that there is something newer than what is being fetched. */
function noted({ settings }: ApplyContext, row: RepoRow, rev: string): RepoRow {
  const wantedRev = row.wantedRev === undefined || row.wantedRev < rev ? rev : row.wantedRev
  const isBack = row.account !== undefined && row.account !== 'active'
  return { ...row, wantedRev, retryAt: isBack ? Math.min(row.retryAt, settings.clock.now()) : row.retryAt }
}

function desynced({ settings, tally }: ApplyContext, row: RepoRow, rev: string | undefined, error: unknown): RepoRow {
  tally.desynced = (tally.desynced ?? 0) + 1
  settings.logger.debug({ did: row.did, error }, 'a repository is out of step')
  const retryAt = Math.max(settings.clock.now(), row.retryAt + fetchInterval)
  return { ...row, state: 'desynced', wantedRev: rev, attempts: 0, retryAt, claim: undefined, error: undefined }
}
