import type { Queryable } from '@exprsn/core/database'
import type { disputeReports, ReportedDispute } from '../../payments/dispute-reports.ts'
import { factsOf, joinFacts } from '../case/case-facts.ts'
import { caseOf, type DisputeCase, type StoredCase } from '../case/dispute-case.ts'
import type { DisputeStore } from '../store/dispute-store.ts'
import type { CaseNote } from './dispute-engine.ts'

/** What taking reports needs. */
export interface TakingContext {
  readonly store: DisputeStore
  readonly reports: ReturnType<typeof disputeReports>
  now(): number
  tellAt(stored: StoredCase): number | undefined
  tell(tx: Queryable, the: DisputeCase, note: CaseNote): Promise<void>
}

/** A case is named by its gateway and the reference there. */
function caseId({ gateway, reference }: ReportedDispute): string {
  return `${gateway}:${reference}`
}

/**
 * Joins what a gateway reported since into its case, and makes the case if there is none; gives how many reports there were.
 * The case's row is locked first, so that whoever comes second finds the reports taken.
 */
export async function takeReports(context: TakingContext, tx: Queryable, dispute: ReportedDispute): Promise<number> {
  const { store, reports, now, tellAt, tell } = context
  const id = caseId(dispute)
  const before = await store.lock(tx, id)
  const taken = await reports.take(tx, dispute)
  const [first] = taken
  if (first === undefined) return 0
  const { gateway, reference } = dispute
  const known: Pick<StoredCase, 'evidence' | 'acts' | 'intent' | 'commands' | 'told' | 'firing' | 'createdAt'> =
    before ?? {
      ...{ evidence: {}, acts: { submissions: [] }, intent: undefined, commands: 0 },
      ...{ told: [], firing: undefined, createdAt: now() },
    }
  const facts = taken.map(({ report }) => factsOf(report)).reduce(joinFacts, before?.facts ?? factsOf(first.report))
  const next: StoredCase = { ...known, id, gateway, reference, payment: first.payment, facts, updatedAt: now() }
  if (before === undefined) await store.insert(tx, next, now(), tellAt(next))
  else await store.update(tx, next, now(), tellAt(next))
  const the = caseOf(next, now())
  const was = before && caseOf(before, now())
  if (was?.status !== the.status || was.stage !== the.stage)
    await tell(tx, the, { action: 'reported', actor: 'gateway', note: facts.state.value })
  return taken.length
}
