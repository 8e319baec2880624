import { ExprsnError, milliseconds, type Duration } from '@exprsn/core'
import type { RepositoryContext } from '../context.ts'
import type { BlobReader } from '../reader/blob-reader.ts'
import { settleSuspects } from '../snapshot/suspects.ts'
import { beginSession } from '../session/begin-session.ts'
import { putFossils } from './fossil-list.ts'
import { mark } from './mark.ts'
import { planPrune, type PrunePlan } from './plan-prune.ts'
import { repack } from './repack.ts'
import { deadFor, sweep, type Swept } from './sweep.ts'

/** Options of `prune`. */
export interface PruneOptions {
  /** Only says what would be done. @default false */
  readonly dryRun?: boolean | undefined
  /** Unneeded bytes that may stay, as a share of the needed ones: 0 copies every pack that holds any. @default 0.05 */
  readonly maxUnused?: number | undefined
  /** How long a pack that is not needed stays even though nobody is at work. @default 0 */
  readonly grace?: Duration | undefined
  /** Ends it between two steps; the next run goes on. */
  readonly signal?: AbortSignal | undefined
}

/** What a prune did, or would do. */
export interface PruneResult extends PrunePlan, Swept {
  readonly dryRun: boolean
}

/**
 * Frees what no snapshot needs, in two steps. The first copies needed blobs out of packs with much waste and lists the
 * packs to be removed. The second removes what was listed – in this call when nobody else is at work, else in a later one:
 * backups need not stop, nor wait.
 */
export async function prune(
  context: RepositoryContext,
  reader: BlobReader,
  { dryRun = false, maxUnused = 0.05, grace = 0, signal }: PruneOptions = {},
): Promise<PruneResult> {
  if (dryRun) {
    const plan = await planNow(context, maxUnused, signal)
    return { ...plan.plan, dryRun, removed: [], kept: [], locked: [], waitingFor: [] }
  }
  const marking = await beginSession(context, { kind: 'prune' })
  let plan: PrunePlan
  try {
    await settleSuspects(context, reader, marking.startedAt - deadFor, signal)
    const planned = await planNow(context, maxUnused, signal)
    plan = planned.plan
    await repack(context, planned.marked, plan.repack, signal)
    const fossils = [...plan.remove, ...plan.repack, ...plan.orphans]
    if (fossils.length > 0) await putFossils(context, fossils)
  } finally {
    await marking.end()
  }
  const sweeping = await beginSweep(context)
  if (!('id' in sweeping)) return { ...plan, dryRun, removed: [], kept: [], locked: [], ...sweeping }
  try {
    return { ...plan, dryRun, ...(await sweep(context, sweeping, { grace: milliseconds(grace), signal })) }
  } finally {
    await sweeping.end()
  }
}

/** Restic clients may not look while packs go. */
async function beginSweep(context: RepositoryContext) {
  try {
    return await beginSession(context, { kind: 'prune', exclusive: true })
  } catch (error) {
    if (!ExprsnError.is(error) || error.code !== 'BACKUP_REPOSITORY_LOCKED') throw error
    return { waitingFor: [String(error.details['holder'])] }
  }
}

async function planNow(context: RepositoryContext, maxUnused: number, signal: AbortSignal | undefined) {
  const marked = await mark(context, signal)
  return { marked, plan: planPrune(marked, { stored: marked.stored, maxUnused }) }
}
