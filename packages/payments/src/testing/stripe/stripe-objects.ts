/** Milliseconds since 1970 in all `…At`; amounts in Stripe's minor units. */
export interface IntentRecord {
  readonly id: string
  readonly createdAt: number
  readonly currency: string
  amount: number
  readonly captureMethod: 'automatic' | 'manual'
  readonly multicapture: boolean
  status: 'requires_payment_method' | 'requires_action' | 'requires_capture' | 'processing' | 'succeeded' | 'canceled'
  capturable: number
  received: number
  metadata: Record<string, string>
  readonly description: string | undefined
  readonly customer: string | undefined
  readonly returnUrl: string | undefined
  readonly keepMethod: boolean
  method: string | undefined
  charge: string | undefined
  cancellationReason: string | undefined
  canceledAt: number | undefined
  lastError: Readonly<Record<string, unknown>> | undefined
}

export interface ChargeRecord {
  readonly id: string
  readonly createdAt: number
  readonly intent: string
  readonly amount: number
  readonly currency: string
  readonly method: string
  readonly status: 'succeeded' | 'failed' | 'pending'
  captured: boolean
  amountCaptured: number
  amountRefunded: number
  disputed: boolean
  balanceTransaction: string | undefined
  /** When an authorisation ends by itself. */
  readonly captureBefore: number
}

export interface RefundRecord {
  readonly id: string
  readonly createdAt: number
  readonly intent: string
  readonly charge: string
  readonly amount: number
  readonly currency: string
  readonly metadata: Record<string, string>
  readonly reason: string | undefined
  readonly balanceTransaction: string
  status: 'pending' | 'succeeded' | 'failed'
  failureReason: string | undefined
}

export interface DisputeRecord {
  readonly id: string
  readonly createdAt: number
  readonly intent: string
  readonly charge: string
  readonly amount: number
  readonly currency: string
  readonly reason: string
  readonly dueBy: number
  status: string
  readonly balanceTransactions: string[]
  /** The network's code of the reason. */
  readonly networkReason: string | undefined
  /** As it was sent, field by field; what was handed in stays. */
  evidence: Readonly<Record<string, unknown>>
  submissions: number
}

export interface PayoutRecord {
  readonly id: string
  readonly createdAt: number
  readonly arrivalAt: number
  readonly amount: number
  readonly currency: string
  readonly automatic: boolean
  readonly metadata: Record<string, string>
  readonly description: string | undefined
  readonly balanceTransaction: string
  status: 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled'
  failureCode: string | undefined
}

export interface CustomerRecord {
  readonly id: string
  readonly createdAt: number
  readonly email: string | undefined
  readonly name: string | undefined
  readonly metadata: Record<string, string>
}

export interface MethodRecord {
  readonly id: string
  readonly createdAt: number
  /** The test token that it was made from. */
  readonly token: string
  customer: string | undefined
}

export interface EventRecord {
  readonly id: string
  readonly createdAt: number
  readonly type: string
  readonly object: unknown
}
