import type { DisputeAction, DisputeSnapshot } from '../../gateway/snapshot.ts'
import type { DisputeStage } from '../../gateway/state.ts'
import type { StripeDispute } from './stripe-types.ts'

/** What is special about a dispute; its money stands in the snapshot itself. */
export function disputeDetails({
  status,
  created,
  evidence_details: details,
  payment_method_details: method,
}: StripeDispute): Partial<DisputeSnapshot> {
  const { brand, network_reason_code: code } = method?.card ?? {}
  return {
    stage: stageOfStatus(status),
    openedAt: created === undefined ? undefined : new Date(created * 1000),
    submissions: details.submission_count,
    network: brand === 'american_express' ? 'amex' : brand,
    networkReason: code ?? undefined,
    actions: actionsIn(status),
  }
}

function stageOfStatus(status: string): DisputeStage {
  if (status.startsWith('appeal_')) return 'pre_arbitration'
  return status.startsWith('warning_') || status === 'prevented' ? 'inquiry' : 'chargeback'
}

// docs.stripe.com/disputes/responding: evidence is taken once, and a dispute is accepted as long as it waits for that.
function actionsIn(status: string): readonly DisputeAction[] {
  return status.endsWith('needs_response') ? ['accept', 'submit_evidence'] : []
}
