/** Amounts in PayPal's minor units, times in milliseconds since 1970. */
export interface OrderRecord {
  readonly id: string
  readonly createdAt: number
  readonly intent: 'CAPTURE' | 'AUTHORIZE'
  readonly amount: bigint
  readonly currency: string
  readonly customId: string | undefined
  readonly invoiceId: string | undefined
  readonly sourceKind: 'paypal' | 'card'
  readonly returnUrl: string | undefined
  status: 'CREATED' | 'PAYER_ACTION_REQUIRED' | 'APPROVED' | 'COMPLETED' | 'VOIDED'
  declines: boolean
  authorization: AuthorizationRecord | undefined
  readonly captures: CaptureRecord[]
}

export interface AuthorizationRecord {
  readonly id: string
  readonly order: string
  readonly createdAt: number
  readonly expiresAt: number
  status: 'CREATED' | 'PARTIALLY_CAPTURED' | 'CAPTURED' | 'VOIDED' | 'DENIED'
}

export interface CaptureRecord {
  readonly id: string
  readonly order: string
  readonly createdAt: number
  readonly amount: bigint
  readonly currency: string
  readonly fee: bigint
  readonly invoiceId: string | undefined
  readonly customId: string | undefined
  readonly final: boolean
  status: 'COMPLETED' | 'DECLINED' | 'PARTIALLY_REFUNDED' | 'REFUNDED'
  readonly refunds: RefundRecord[]
}

export interface RefundRecord {
  readonly id: string
  readonly capture: string
  readonly createdAt: number
  readonly amount: bigint
  readonly currency: string
  readonly customId: string | undefined
  status: 'COMPLETED' | 'FAILED'
}

export interface DisputeRecord {
  readonly id: string
  readonly createdAt: number
  readonly capture: string
  readonly amount: bigint
  readonly currency: string
  readonly reason: string
  stage: 'INQUIRY' | 'CHARGEBACK' | 'PRE_ARBITRATION' | 'ARBITRATION'
  updatedAt: number
  dueBy: number
  readonly evidences: EvidenceRecord[]
  status: 'WAITING_FOR_SELLER_RESPONSE' | 'UNDER_REVIEW' | 'RESOLVED'
  outcome: 'RESOLVED_BUYER_FAVOUR' | 'RESOLVED_SELLER_FAVOUR' | 'ACCEPTED' | undefined
  withdrawn: bigint
  reinstated: bigint
}

export interface EvidenceRecord {
  readonly evidence_type: string
  readonly evidence_info?: unknown
  readonly notes?: string | undefined
}

export interface PayoutRecord {
  readonly id: string
  readonly createdAt: number
  readonly senderBatchId: string
  readonly amount: bigint
  readonly currency: string
  readonly receiver: string
  status: 'PENDING' | 'PROCESSING' | 'SUCCESS' | 'DENIED'
}

export interface VaultRecord {
  readonly id: string
  readonly customer: string
  readonly sourceKind: 'paypal' | 'card'
}

export interface EventRecord {
  readonly id: string
  readonly createdAt: number
  readonly type: string
  readonly resourceType: string
  readonly resource: unknown
}
