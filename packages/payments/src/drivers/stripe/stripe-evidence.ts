import type { CompellingEvidence, DisputeEvidence, EvidencePurchase } from '../../gateway/dispute-evidence.ts'
import { gatewayErrors } from '../../gateway/errors.ts'

/** All texts together (types of the stripe package, `DisputeUpdateParams.evidence`). */
const mostCharacters = 150_000

const fileFields = {
  cancellation_policy: 'cancellation_policy',
  customer_communication: 'customer_communication',
  customer_signature: 'customer_signature',
  duplicate_charge: 'duplicate_charge_documentation',
  other: 'uncategorized_file',
  receipt: 'receipt',
  refund_policy: 'refund_policy',
  service: 'service_documentation',
  shipping: 'shipping_documentation',
} as const

/** Evidence in the fields of Stripe's disputes, handed in at once. @throws `PAYMENTS_GATEWAY_INPUT_INVALID` */
export function evidenceParameters(gateway: string, evidence: DisputeEvidence): Readonly<Record<string, unknown>> {
  const { files = [], compelling, refunds = [] } = evidence
  const delivered = evidence.deliveredOn === undefined ? undefined : `Delivered on ${evidence.deliveredOn}.`
  const refunded = refunds.length === 0 ? undefined : `Refunded before: ${refunds.join(', ')}.`
  const texts = present({
    access_activity_log: evidence.accessLog,
    billing_address: evidence.billingAddress,
    cancellation_policy_disclosure: evidence.cancellationPolicyDisclosure,
    cancellation_rebuttal: evidence.cancellationRebuttal,
    customer_email_address: evidence.customerEmail,
    customer_name: evidence.customerName,
    customer_purchase_ip: evidence.customerIp,
    duplicate_charge_explanation: evidence.otherChargeExplanation,
    duplicate_charge_id: evidence.otherCharge,
    product_description: evidence.productDescription,
    refund_policy_disclosure: evidence.refundPolicyDisclosure,
    refund_refusal_explanation: evidence.refundRefusal,
    service_date: evidence.serviceOn,
    shipping_address: evidence.shippingAddress,
    shipping_carrier: evidence.shippingCarrier,
    shipping_date: evidence.shippedOn,
    shipping_tracking_number: evidence.shippingTracking,
    uncategorized_text: joined(evidence.explanation, delivered, refunded),
  })
  const length = Object.values(texts).reduce((sum, text) => sum + text.length, 0)
  if (length > mostCharacters)
    throw refuse(gateway, 'evidence', `has ${length} characters, not up to ${mostCharacters}`)
  const fields: Record<string, unknown> = { ...texts }
  for (const { kind, reference } of files) {
    if (fields[fileFields[kind]] !== undefined)
      throw refuse(gateway, 'evidence.files', `has two of ${kind}, and Stripe takes one of each`)
    fields[fileFields[kind]] = reference
  }
  if (compelling !== undefined)
    fields['enhanced_evidence'] = { visa_compelling_evidence_3: compellingParameters(compelling) }
  if (Object.keys(fields).length === 0) throw refuse(gateway, 'evidence', 'is empty')
  return { evidence: fields, submit: true }
}

function compellingParameters({ disputed, kind, priors }: CompellingEvidence): unknown {
  const { charge: _, ...own } = purchaseParameters(disputed)
  return {
    disputed_transaction: { ...own, merchandise_or_services: kind },
    prior_undisputed_transactions: priors.map(purchaseParameters),
  }
}

function purchaseParameters(purchase: EvidencePurchase): Readonly<Record<string, unknown>> {
  const { charge, accountId, deviceFingerprint, deviceId, email, ip, description, shippingAddress } = purchase
  const texts = present({
    charge,
    customer_account_id: accountId,
    customer_device_fingerprint: deviceFingerprint,
    customer_device_id: deviceId,
    customer_email_address: email,
    customer_purchase_ip: ip,
    product_description: description,
  })
  return shippingAddress === undefined ? texts : { ...texts, shipping_address: { line1: shippingAddress } }
}

function present(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return Object.fromEntries(given)
}

function joined(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.filter(Boolean).join('\n\n') || undefined
}

function refuse(gateway: string, field: string, reason: string) {
  return gatewayErrors.PAYMENTS_GATEWAY_INPUT_INVALID({ gateway, field, reason })
}
