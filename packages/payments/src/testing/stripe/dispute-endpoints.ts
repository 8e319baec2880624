import { textOf } from './check-parameters.ts'
import type { StripeCall, StripeEndpoint } from './endpoint.ts'
import { renderDispute } from './render.ts'
import { invalidParameter, missingObject, wrongState } from './stripe-refusal.ts'

/** The fields of `DisputeUpdateParams.Evidence` in the types of the stripe package 23.1.0. */
const fields: ReadonlySet<string> = new Set([
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'enhanced_evidence',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
])
const mostCharacters = 150_000

/** Evidence. */
export const disputeEndpoints: readonly StripeEndpoint[] = [
  { route: 'POST /v1/disputes/:id', parameters: { evidence: 'object', submit: 'boolean' }, run: updateDispute },
]

/**
 * docs.stripe.com/disputes/responding: evidence is staged with `submit: false`, handed in once, and too late after the due
 * date. `submit` is true when it is left out (docs.stripe.com/api/disputes/update).
 */
function updateDispute({ account, ids, parameters }: StripeCall): unknown {
  const dispute = account.disputes.get(ids[0]!)
  if (dispute === undefined) throw missingObject('dispute', ids[0]!, 'id')
  if (!dispute.status.endsWith('needs_response'))
    throw wrongState('dispute_already_closed', `This dispute takes no evidence: it is ${dispute.status}.`)
  if (dispute.dueBy <= account.clock.now())
    throw wrongState('dispute_evidence_past_due', 'The time for evidence is over.')
  const evidence = typeof parameters['evidence'] === 'object' ? parameters['evidence'] : {}
  for (const name of Object.keys(evidence))
    if (!fields.has(name))
      throw invalidParameter('parameter_unknown', `evidence[${name}]`, `Received unknown parameter: evidence[${name}]`)
  dispute.evidence = { ...dispute.evidence, ...(evidence as Readonly<Record<string, unknown>>) }
  if (JSON.stringify(dispute.evidence).length > mostCharacters)
    throw invalidParameter('parameter_invalid', 'evidence', 'The evidence has too many characters.')
  if (textOf(parameters, 'submit') !== 'false') {
    dispute.status = dispute.status.replace('needs_response', 'under_review')
    dispute.submissions += 1
  }
  account.emitDispute('charge.dispute.updated', dispute)
  return renderDispute(account, dispute)
}
