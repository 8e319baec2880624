import type { DisputeCase } from '../case/dispute-case.ts'
import { findCompellingEvidence, type CompellingFinding } from '../compelling/find-compelling.ts'
import type { DisputeEngine } from './dispute-engine.ts'

const day = 86_400_000

/** Looks for compelling evidence among the purchases that are remembered. */
export async function compellingFor({ store, database }: DisputeEngine, the: DisputeCase): Promise<CompellingFinding> {
  const { network, networkReason, openedAt, payment } = the
  const disputed = await store.purchase(database, payment)
  const opened = openedAt.getTime()
  const history =
    disputed === undefined
      ? []
      : await store.purchasesBy(database, disputed.credential, opened - 366 * day, opened - 119 * day)
  return findCompellingEvidence({ network, networkReason, openedAt, disputed, history })
}
