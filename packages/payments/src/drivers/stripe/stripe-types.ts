/** Either the identifier or the object, as `expand` asks. */
export type Expandable<Kind> = string | Kind | null

/** What the driver reads of a PaymentIntent. Amounts in Stripe's minor units, times in seconds. */
export interface StripeIntent {
  readonly id: string
  readonly amount: number
  readonly amount_capturable: number
  readonly amount_received: number
  readonly currency: string
  readonly status: string
  readonly client_secret: string | null
  readonly latest_charge: Expandable<StripeCharge>
  readonly metadata: Readonly<Record<string, string>>
  readonly cancellation_reason: string | null
  readonly last_payment_error: StripePaymentError | null
  readonly next_action: {
    readonly type: string
    readonly redirect_to_url?: { readonly url: string | null } | undefined
  } | null
}

/** What the driver reads of a failed attempt. */
export interface StripePaymentError {
  readonly code?: string | undefined
  readonly decline_code?: string | undefined
  readonly message?: string | undefined
}

/** A charge of the API, as far as it is read. */
export interface StripeCharge {
  readonly id: string
  readonly amount: number
  readonly amount_captured: number
  readonly amount_refunded: number
  readonly captured: boolean
  readonly currency: string
  readonly status: string
  readonly metadata: Readonly<Record<string, string>>
  readonly payment_intent: Expandable<{ readonly id: string }>
  readonly balance_transaction: Expandable<StripeBalanceTransaction>
  readonly payment_method_details: unknown
  readonly refunds?: { readonly data: readonly StripeRefund[] } | null | undefined
}

/** A refund of the API, as far as it is read. */
export interface StripeRefund {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly status: string | null
  readonly failure_reason?: string | undefined
  readonly metadata: Readonly<Record<string, string>> | null
  readonly payment_intent: Expandable<{ readonly id: string }>
  readonly charge: Expandable<{ readonly id: string }>
}

/** A payout of the API, as far as it is read. */
export interface StripePayout {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly status: string
  readonly arrival_date: number
  readonly failure_code: string | null
  readonly metadata: Readonly<Record<string, string>> | null
}

/** A dispute of the API, as far as it is read. */
export interface StripeDispute {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly status: string
  readonly reason: string
  readonly balance_transactions: readonly StripeBalanceTransaction[]
  readonly created?: number | undefined
  readonly evidence_details: { readonly due_by: number | null; readonly submission_count?: number | undefined }
  readonly payment_method_details?:
    | {
        readonly card?:
          | { readonly brand?: string | undefined; readonly network_reason_code?: string | null | undefined }
          | undefined
      }
    | null
    | undefined
  readonly payment_intent: Expandable<{ readonly id: string }>
  readonly charge: Expandable<{ readonly id: string }>
}

/** A payment method of the API, as far as it is read. */
export interface StripeMethod {
  readonly id: string
  readonly type: string
  readonly customer: Expandable<{ readonly id: string }>
}

/** A balance transaction of the API, as far as it is read. */
export interface StripeBalanceTransaction {
  readonly id: string
  readonly amount: number
  readonly fee: number
  readonly net: number
  readonly currency: string
  readonly created: number
  readonly type: string
  readonly reporting_category: string
  readonly source: Expandable<object>
}

/** An event of the API, as far as it is read. */
export interface StripeEventLike {
  readonly id: string
  readonly type: string
  readonly created: number
  readonly data: { readonly object: object }
}

/** What the driver sends to make a payment; the test holds it against the types of the stripe package. */
export interface StripeChargeParameters {
  amount: number
  currency: string
  automatic_payment_methods: { enabled: boolean; allow_redirects: 'always' | 'never' }
  capture_method: 'automatic' | 'manual'
  payment_method_options?: { card: { request_multicapture: 'if_available' } }
  confirm?: boolean
  payment_method?: string
  return_url?: string
  customer?: string
  description?: string
  off_session?: boolean
  setup_future_usage?: 'off_session'
  metadata: Record<string, string>
  expand: string[]
}
