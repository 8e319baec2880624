import type { DisputeEvidence } from '../../gateway/dispute-evidence.ts'
import { gatewayErrors } from '../../gateway/errors.ts'

/** `notes` of an evidence (paypal/paypal-rest-api-specifications, customer_disputes_v1). */
const mostCharacters = 2_000

/** Evidence as PayPal takes it: proofs with their facts, and one of everything else in notes. */
export function evidenceInput(gateway: string, evidence: DisputeEvidence): unknown {
  const refuse = (field: string, reason: string) =>
    gatewayErrors.PAYMENTS_GATEWAY_INPUT_INVALID({ gateway, field, reason })
  if ((evidence.files ?? []).length > 0)
    throw refuse('evidence.files', 'cannot be named: PayPal takes files only as they are, in its Resolution Center')
  const { shippingCarrier, shippingTracking, refunds = [] } = evidence
  const evidences: unknown[] = []
  if (shippingTracking !== undefined)
    evidences.push({
      evidence_type: 'PROOF_OF_FULFILLMENT',
      evidence_info: {
        tracking_info: [
          {
            carrier_name: 'OTHER',
            carrier_name_other: shippingCarrier ?? 'unknown',
            tracking_number: shippingTracking,
          },
        ],
      },
    })
  if (refunds.length > 0)
    evidences.push({
      evidence_type: 'PROOF_OF_REFUND',
      evidence_info: { refund_ids: refunds.map((refund) => ({ refund_id: refund })) },
    })
  const notes = notesOf(evidence)
  if (notes.length > mostCharacters)
    throw refuse('evidence', `has ${notes.length} characters of notes, not up to ${mostCharacters}`)
  if (notes !== '') evidences.push({ evidence_type: 'OTHER', notes })
  if (evidences.length === 0) throw refuse('evidence', 'is empty')
  return { evidences }
}

function notesOf(evidence: DisputeEvidence): string {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['', evidence.explanation],
    ['Sold: ', evidence.productDescription],
    ['Shipped on ', evidence.shippedOn],
    ['Shipped to ', evidence.shippingAddress],
    ['Delivered on ', evidence.deliveredOn],
    ['Rendered on ', evidence.serviceOn],
    ['Used: ', evidence.accessLog],
    ['Refund policy: ', evidence.refundPolicyDisclosure],
    ['No refund because: ', evidence.refundRefusal],
    ['Cancellation policy: ', evidence.cancellationPolicyDisclosure],
    ['Not cancelled because: ', evidence.cancellationRebuttal],
    ['Another purchase: ', evidence.otherCharge],
    ['It differs: ', evidence.otherChargeExplanation],
  ]
  return lines.flatMap(([label, text]) => (text ? [`${label}${text}`] : [])).join('\n')
}
