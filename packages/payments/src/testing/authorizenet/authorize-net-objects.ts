/** Amounts in cents, times in milliseconds since 1970. */
export interface TransactionRecord {
  readonly id: string
  readonly createdAt: number
  readonly type: 'authCaptureTransaction' | 'authOnlyTransaction' | 'refundTransaction'
  /** What was authorised, or asked back. */
  readonly amount: bigint
  /** What is or was to be settled. */
  settleAmount: bigint
  readonly invoiceNumber: string | undefined
  readonly description: string | undefined
  readonly refTransId: string | undefined
  readonly card: { readonly last4: string; readonly type: string }
  readonly responseCode: '1' | '2' | '4'
  status:
    | 'authorizedPendingCapture'
    | 'capturedPendingSettlement'
    | 'settledSuccessfully'
    | 'refundPendingSettlement'
    | 'refundSettledSuccessfully'
    | 'voided'
    | 'expired'
    | 'declined'
    | 'FDSPendingReview'
  batch: string | undefined
}

export interface BatchRecord {
  readonly id: string
  readonly settledAt: number
}

export interface TokenRecord {
  readonly madeAt: number
  readonly kind: 'pays' | 'declines' | 'held'
  used: boolean
}

export interface ProfileRecord {
  readonly id: string
  readonly merchantCustomerId: string
  readonly paymentProfiles: Map<string, 'pays' | 'declines' | 'held'>
}

export interface NotificationRecord {
  readonly id: string
  readonly createdAt: number
  readonly eventType: string
  readonly payload: Readonly<Record<string, unknown>>
}
