import type { DisputeAction, DisputeSnapshot } from '../../gateway/snapshot.ts'
import type { DisputeStage } from '../../gateway/state.ts'
import type { PaypalDispute } from './paypal-types.ts'

const stages: Readonly<Record<string, DisputeStage>> = {
  INQUIRY: 'inquiry',
  CHARGEBACK: 'chargeback',
  PRE_ARBITRATION: 'pre_arbitration',
  ARBITRATION: 'arbitration',
}

/** What each link stands for, the best first. Names of paypal/paypal-rest-api-specifications, customer_disputes_v1. */
export const linkRelations: Readonly<Record<DisputeAction, readonly string[]>> = {
  submit_evidence: ['provide_evidence', 'appeal', 'provide_supporting_info'],
  accept: ['accept_claim'],
}

/** What is special about a dispute; its money stands in the snapshot itself. */
export function disputeDetails(dispute: PaypalDispute): Partial<DisputeSnapshot> {
  const { dispute_life_cycle_stage: stage, create_time: created, update_time: updated, evidences } = dispute
  return {
    stage: stages[stage ?? ''] ?? 'chargeback',
    openedAt: dateOf(created),
    changedAt: dateOf(updated),
    submissions: evidences?.filter(({ source }) => source === 'SUBMITTED_BY_SELLER').length,
    actions: actionsIn(dispute),
  }
}

function actionsIn({ links }: PaypalDispute): readonly DisputeAction[] | undefined {
  if (links === undefined) return undefined
  const isOpen = (action: DisputeAction): boolean => links.some(({ rel }) => linkRelations[action].includes(rel))
  return (['accept', 'submit_evidence'] as const).filter(isOpen)
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text)
}
