import type { Transaction } from '@exprsn/core/database'
import { splitPath } from '../repo/index.ts'
import { callHandler } from './call-handler.ts'
import { effectOf, type RecordCandidate, type RecordEffect } from './record-changes.ts'
import type { SyncSettings } from './settings.ts'
import type { SyncEvent } from './sync-event.ts'
import type { RecordRow } from './sync-store.ts'
import type { SyncTally } from './sync-tally.ts'

/** Records of one repository and where they come from. */
export interface CandidateSet {
  readonly did: string
  readonly rev: string
  readonly live: boolean
  readonly verified: boolean
  readonly candidates: readonly RecordCandidate[]
}

/** Tells the handler what changed, and notes that it was told, both in the transaction. Counts into `tally`. */
export async function applyCandidates(
  settings: SyncSettings,
  tx: Transaction,
  { did, rev, live, verified, candidates }: CandidateSet,
  tally: Partial<SyncTally>,
  signal: AbortSignal,
): Promise<void> {
  const { store, wants, refuse } = settings
  const wanted = candidates.filter(({ path }) => wants(path))
  if (wanted.length === 0) return
  const known = await store.knownRecords(
    tx,
    did,
    wanted.map(({ path }) => path),
  )
  const rows: RecordRow[] = []
  const gone: string[] = []
  for (const candidate of wanted) {
    const effect = effectOf(candidate, known.get(candidate.path), (path, value) => refuse(value, path, did))
    if (effect === undefined) continue
    if (effect.row === undefined) gone.push(candidate.path)
    else rows.push(effect.row)
    if (effect.refusal !== undefined) {
      add(tally, 'refused')
      settings.logger.debug({ did, path: candidate.path, reason: effect.refusal }, 'a record was refused')
    }
    if (effect.event === undefined) continue
    await callHandler(settings, eventOf(effect, { did, rev, live, verified }), tx, signal)
    add(tally, counterOf[effect.event])
  }
  await store.saveRecords(tx, did, rows)
  await store.deleteRecords(tx, did, gone)
}

const counterOf = { create: 'created', update: 'updated', delete: 'deleted' } as const

function add(tally: Partial<SyncTally>, name: keyof SyncTally): void {
  tally[name] = (tally[name] ?? 0) + 1
}

function eventOf(
  { event, candidate: { path, record } }: RecordEffect,
  { did, ...origin }: Omit<CandidateSet, 'candidates'>,
): SyncEvent {
  const base = { did, ...splitPath(path), uri: `at://${did}/${path}`, ...origin }
  if (event === 'delete') return { type: 'delete', ...base }
  return { type: event!, ...base, cid: record!.cid, value: record!.value }
}
