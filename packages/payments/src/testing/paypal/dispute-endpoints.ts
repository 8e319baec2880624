import { renderDispute, type PaypalAccount } from './paypal-account.ts'
import type { PaypalCall, PaypalEndpoint } from './paypal-endpoints.ts'
import type { DisputeRecord, EvidenceRecord } from './paypal-objects.ts'
import { invalidRequest, notFound, unprocessable } from './paypal-refusal.ts'

const day = 86_400_000
const longestNotes = 2_000

/** Evidence and appeals, after paypal/paypal-rest-api-specifications, customer_disputes_v1. */
export const disputeEndpoints: readonly PaypalEndpoint[] = [
  { route: 'POST /v1/customer/disputes/:id/provide-evidence', run: (call) => takeEvidence(call, false) },
  { route: 'POST /v1/customer/disputes/:id/appeal', run: (call) => takeEvidence(call, true) },
]

function takeEvidence({ account, ids, body }: PaypalCall, isAppeal: boolean): readonly [number, unknown] {
  const dispute = account.disputes.get(ids[0]!)
  if (dispute === undefined) throw notFound()
  const { status, stage, dueBy, id } = dispute
  if (status !== 'WAITING_FOR_SELLER_RESPONSE' || dueBy <= account.clock.now())
    throw unprocessable('ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE')
  if (isAppeal !== (stage === 'PRE_ARBITRATION' || stage === 'ARBITRATION'))
    throw unprocessable('ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE')
  const evidences = body['evidences']
  if (!Array.isArray(evidences) || evidences.length === 0) throw invalidRequest('MISSING_REQUIRED_PARAMETER')
  for (const evidence of evidences as readonly Partial<EvidenceRecord>[]) {
    if (!/^[A-Z_]{1,255}$/.test(evidence.evidence_type ?? '')) throw invalidRequest('INVALID_PARAMETER_VALUE')
    if ((evidence.notes ?? '').length > longestNotes) throw invalidRequest('INVALID_STRING_MAX_LENGTH')
  }
  dispute.evidences.push(...(evidences as readonly EvidenceRecord[]))
  change(account, dispute, { status: 'UNDER_REVIEW' })
  return [200, { links: [{ rel: 'self', href: `https://api-m.sandbox.paypal.com/v1/customer/disputes/${id}` }] }]
}

/** A claim becomes a chargeback, or goes to another round: the seller has to answer again. */
export function escalateDispute(account: PaypalAccount, dispute: DisputeRecord, stage: DisputeRecord['stage']): void {
  const { amount, currency, id: source, withdrawn, reinstated } = dispute
  if (withdrawn === reinstated) {
    account.enter({ kind: 'dispute', gross: -amount, fee: 0n, currency, source })
    dispute.withdrawn += amount
  }
  const dueBy = account.clock.now() + 10 * day
  change(account, dispute, { status: 'WAITING_FOR_SELLER_RESPONSE', outcome: undefined, stage, dueBy })
}

/** PayPal asks for more within the same stage. */
export function askAgain(account: PaypalAccount, dispute: DisputeRecord): void {
  change(account, dispute, { status: 'WAITING_FOR_SELLER_RESPONSE', dueBy: account.clock.now() + 10 * day })
}

function change(account: PaypalAccount, dispute: DisputeRecord, changes: Partial<DisputeRecord>): void {
  Object.assign(dispute, changes, { updatedAt: account.clock.now() })
  account.emit('CUSTOMER.DISPUTE.UPDATED', 'dispute', renderDispute(dispute))
}
