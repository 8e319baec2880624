/** What a file that is handed in may be. */
export const evidenceFileKinds = [
  'cancellation_policy',
  'customer_communication',
  'customer_signature',
  'duplicate_charge',
  'other',
  'receipt',
  'refund_policy',
  'service',
  'shipping',
] as const

/** One of `evidenceFileKinds`. */
export type EvidenceFileKind = (typeof evidenceFileKinds)[number]

/** A file that the gateway holds already, uploaded in its dashboard or through its own client. */
export interface EvidenceFile {
  readonly kind: EvidenceFileKind
  /** The gateway's identifier, such as `file_…` of Stripe. */
  readonly reference: string
}

/** One purchase, as Visa's Compelling Evidence 3.0 compares it with others. */
export interface EvidencePurchase {
  /** The gateway's reference of the charge. */
  readonly charge: string
  readonly ip?: string | undefined
  /** Fifteen characters or more. */
  readonly deviceId?: string | undefined
  /** Twenty characters or more. */
  readonly deviceFingerprint?: string | undefined
  /** The buyer's account in the shop. */
  readonly accountId?: string | undefined
  readonly email?: string | undefined
  readonly shippingAddress?: string | undefined
  /** What was bought. */
  readonly description?: string | undefined
}

/** Two older purchases by the same card that nobody disputed, and the disputed one. */
export interface CompellingEvidence {
  readonly disputed: EvidencePurchase
  readonly kind: 'merchandise' | 'services'
  readonly priors: readonly EvidencePurchase[]
}

/** What speaks for the host, in words that all gateways share. Everything is optional; dates are `YYYY-MM-DD`. */
export interface DisputeEvidence {
  readonly customerName?: string | undefined
  readonly customerEmail?: string | undefined
  readonly customerIp?: string | undefined
  readonly billingAddress?: string | undefined
  readonly productDescription?: string | undefined
  /** When and from where the buyer used what was sold. */
  readonly accessLog?: string | undefined
  readonly shippingAddress?: string | undefined
  readonly shippingCarrier?: string | undefined
  readonly shippingTracking?: string | undefined
  readonly shippedOn?: string | undefined
  readonly deliveredOn?: string | undefined
  readonly serviceOn?: string | undefined
  /** How the terms of refunds were shown before the purchase. */
  readonly refundPolicyDisclosure?: string | undefined
  /** Why the buyer gets no refund. */
  readonly refundRefusal?: string | undefined
  /** The gateway's references of refunds that were given already. */
  readonly refunds?: readonly string[] | undefined
  /** How the terms of cancelling were shown before the purchase. */
  readonly cancellationPolicyDisclosure?: string | undefined
  readonly cancellationRebuttal?: string | undefined
  /** The other charge, which is not this one. */
  readonly otherCharge?: string | undefined
  readonly otherChargeExplanation?: string | undefined
  /** The host's own account of it. */
  readonly explanation?: string | undefined
  readonly files?: readonly EvidenceFile[] | undefined
  readonly compelling?: CompellingEvidence | undefined
}
