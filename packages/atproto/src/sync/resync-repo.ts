import { ExprsnError, milliseconds } from '@exprsn/core'
import { applyCandidates } from './apply-candidates.ts'
import { applyNotice, noticesOf, tellAccount, type ApplyContext } from './apply-message.ts'
import { errorText } from './error-text.ts'
import { syncErrors } from './errors.ts'
import { fetchVerifiedRepo } from './fetch-repo.ts'
import type { RecordCandidate } from './record-changes.ts'
import type { RepoRow } from './repo-row.ts'
import type { SyncSettings } from './settings.ts'
import { addTally, type SyncTally } from './sync-tally.ts'
import { waitAfter } from './wait-after.ts'

/** A repository that this process has claimed. */
export interface ClaimedRepo {
  readonly row: RepoRow
  readonly claim: string
  readonly epoch: number
}

/** Changes of one transaction; a crash repeats no more than those. */
const chunk = 200

/** A host may announce a commit that it then loses: after as many answers without it, minutes apart in the end, we believe it. */
const staleAnswers = 8

/** Hosts that do not serve an account now say so again tomorrow. */
const unavailableRetry = milliseconds('1d')

const accountStatuses: Readonly<Record<string, string>> = {
  RepoDeactivated: 'deactivated',
  RepoTakendown: 'takendown',
  RepoSuspended: 'suspended',
}

/**
 * Brings a repository up to date: fetches it, compares it with what was applied, and applies the difference in chunks, the
 * head with the last one. Safe to repeat at any point; another process that takes over ends this one.
 */
export async function resyncRepo(
  settings: SyncSettings,
  claimed: ClaimedRepo,
  tally: SyncTally,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (await tellNotices(settings, claimed, tally, signal)) return
    const repo = await fetchVerifiedRepo(settings, claimed.row.did, signal)
    checkAge(claimed.row, repo.rev)
    tally.fetched++
    await applySnapshot(settings, claimed, repo, tally, signal)
  } catch (error) {
    if (isCode(error, 'ATPROTO_SYNC_CLAIM_LOST')) return
    if (signal.aborted) return letGo(settings, claimed)
    await giveUp(settings, claimed, error, signal)
  }
}

/** What the handler could not be told of the account comes first. @returns whether the account is gone with it */
async function tellNotices(
  settings: SyncSettings,
  { row: { did, notices }, claim, epoch }: ClaimedRepo,
  tally: SyncTally,
  signal: AbortSignal,
): Promise<boolean> {
  if (notices === undefined) return false
  return inTransaction(settings, did, { claim, epoch }, tally, signal, async (context, row) => {
    let next = row
    for (const notice of noticesOf(row)) next = await applyNotice(context, next, notice)
    await settings.store.saveRepo(context.tx, { ...next, notices: undefined })
    return next.state === 'gone'
  })
}

/** A host may also go back behind what was applied, after it was restored; a copy that lags behind looks the same. */
function checkAge({ did, rev: known, attempts }: RepoRow, rev: string): void {
  if (known === undefined || rev >= known || attempts >= staleAnswers) return
  throw syncErrors.ATPROTO_SYNC_REPO_STALE({ did, rev, expected: known })
}

async function applySnapshot(
  settings: SyncSettings,
  { row: { did, rev: known }, claim, epoch }: ClaimedRepo,
  repo: Awaited<ReturnType<typeof fetchVerifiedRepo>>,
  tally: SyncTally,
  signal: AbortSignal,
): Promise<void> {
  const { store, database, clock } = settings
  const changes = differenceOf(await store.allRecords(database, did), repo, settings.wants)
  const set = { did, rev: repo.rev, live: false, verified: true }
  const apply = (candidates: readonly RecordCandidate[], isLast: boolean) =>
    inTransaction(settings, did, { claim, epoch }, tally, signal, async (context, row) => {
      if (row.rev !== known) throw syncErrors.ATPROTO_SYNC_CLAIM_LOST({ did })
      await applyCandidates(settings, context.tx, { ...set, candidates }, context.tally, signal)
      const renewed = { ...row, retryAt: clock.now() + settings.fetchLease }
      if (isLast) await tellAccount(context, row, 'active')
      await store.saveRepo(context.tx, isLast ? finished(settings, renewed, repo) : renewed)
    })
  let candidates: RecordCandidate[] = []
  for (const candidate of changes) {
    if (candidates.length === chunk) {
      await apply(candidates, false)
      candidates = []
    }
    candidates.push(candidate)
  }
  await apply(candidates, true)
}

/** Records are decoded as they are come to, and only those that differ are kept. */
function* differenceOf(
  known: Map<string, string>,
  repo: Awaited<ReturnType<typeof fetchVerifiedRepo>>,
  wants: (path: string) => boolean,
): Generator<RecordCandidate, void, undefined> {
  for (const { path, cid, value } of repo.records()) {
    if (!wants(path)) continue
    const text = String(cid)
    const isKnown = known.get(path) === text
    known.delete(path)
    if (!isKnown) yield { path, record: { cid: text, value } }
  }
  for (const path of known.keys()) if (wants(path)) yield { path, record: undefined }
}

function finished(
  settings: SyncSettings,
  row: RepoRow,
  { rev, commit }: Awaited<ReturnType<typeof fetchVerifiedRepo>>,
): RepoRow {
  const now = settings.clock.now()
  const next = { ...row, rev, data: String(commit.data), account: 'active', error: undefined, claim: undefined }
  // Something newer was announced and dropped because this was on its way: the answer was not of now.
  const isBehind = row.wantedRev !== undefined && row.wantedRev > rev && row.attempts < staleAnswers
  if (isBehind) {
    const attempts = row.attempts + 1
    return { ...next, state: 'desynced', attempts, retryAt: now + waitAfter(settings, attempts) }
  }
  return { ...next, state: 'synced', wantedRev: undefined, attempts: 0, retryAt: now }
}

/** Who comes next need not wait for the claim to run out. */
async function letGo({ store, database, clock, logger }: SyncSettings, { row, claim }: ClaimedRepo): Promise<void> {
  await store
    .renewClaim(database, row.did, claim, clock.now())
    .catch((error: unknown) => logger.debug({ did: row.did, error }, 'a claim could not be let go'))
}

async function giveUp(
  settings: SyncSettings,
  { row: { did }, claim, epoch }: ClaimedRepo,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  const { clock, logger, store } = settings
  const status = statusOf(error)
  await inTransaction(settings, did, { claim, epoch }, {}, signal, async (context, row) => {
    const failed = { ...row, attempts: row.attempts + 1, error: errorText(error), claim: undefined }
    const retryAt = clock.now() + (status === undefined ? waitAfter(settings, failed.attempts) : unavailableRetry)
    if (status !== undefined) await tellAccount(context, row, status)
    await store.saveRepo(context.tx, { ...failed, retryAt, account: status ?? row.account })
  })
  if (status === undefined) logger.warn({ did, error }, 'a repository could not be brought up to date')
}

/** Runs work on the locked row, as long as the claim holds. */
async function inTransaction<Result>(
  settings: SyncSettings,
  did: string,
  { claim, epoch }: { readonly claim: string; readonly epoch: number },
  tally: Partial<SyncTally>,
  signal: AbortSignal,
  work: (context: ApplyContext, row: RepoRow) => Promise<Result>,
): Promise<Result> {
  const counted: Partial<SyncTally> = {}
  const result = await settings.database.transaction(
    async (tx) => {
      const row = await settings.store.lockRepo(tx, did, epoch)
      if (row.claim !== claim || row.state !== 'desynced') throw syncErrors.ATPROTO_SYNC_CLAIM_LOST({ did })
      return work({ settings, tx, epoch, tally: counted, signal }, row)
    },
    { signal },
  )
  addTally(tally, counted)
  return result
}

function statusOf(error: unknown): string | undefined {
  if (!isCode(error, 'ATPROTO_SYNC_REPO_UNAVAILABLE')) return undefined
  return accountStatuses[String((error as ExprsnError).details.reason)]
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof ExprsnError && error.code === code
}
