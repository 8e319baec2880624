/** Decimals as text. */
export interface PaypalMoney {
  readonly currency_code: string
  readonly value: string
}

export interface PaypalLink {
  readonly rel: string
  readonly href: string
}

export interface PaypalOrder {
  readonly id: string
  readonly status: string
  readonly links?: readonly PaypalLink[] | undefined
  readonly payment_source?: Readonly<Record<string, PaypalSource | undefined>> | undefined
  readonly purchase_units?: readonly PaypalUnit[] | undefined
}

export interface PaypalSource {
  readonly brand?: string | undefined
  readonly last_digits?: string | undefined
  readonly expiry?: string | undefined
}

export interface PaypalUnit {
  readonly amount: PaypalMoney
  readonly custom_id?: string | undefined
  readonly invoice_id?: string | undefined
  readonly payments?:
    | {
        readonly authorizations?: readonly PaypalAuthorization[] | undefined
        readonly captures?: readonly PaypalCapture[] | undefined
        readonly refunds?: readonly PaypalRefund[] | undefined
      }
    | undefined
}

export interface PaypalAuthorization {
  readonly id: string
  readonly status: string
  readonly amount: PaypalMoney
  readonly supplementary_data?: PaypalRelated | undefined
}

export interface PaypalCapture {
  readonly id: string
  readonly status: string
  readonly amount: PaypalMoney
  readonly custom_id?: string | undefined
  readonly invoice_id?: string | undefined
  readonly seller_receivable_breakdown?: { readonly paypal_fee?: PaypalMoney | undefined } | undefined
  readonly processor_response?: { readonly response_code?: string | undefined } | undefined
  readonly supplementary_data?: PaypalRelated | undefined
}

export interface PaypalRelated {
  readonly related_ids?: { readonly order_id?: string | undefined } | undefined
}

export interface PaypalRefund {
  readonly id: string
  readonly status: string
  readonly amount: PaypalMoney
  readonly custom_id?: string | undefined
  readonly links?: readonly PaypalLink[] | undefined
}

export interface PaypalDispute {
  readonly dispute_id: string
  readonly status: string
  readonly dispute_life_cycle_stage?: string | undefined
  readonly reason: string
  readonly dispute_amount: PaypalMoney
  readonly disputed_transactions?: readonly { readonly seller_transaction_id?: string | undefined }[] | undefined
  readonly seller_response_due_date?: string | undefined
  readonly dispute_outcome?: { readonly outcome_code?: string | undefined } | undefined
  readonly create_time?: string | undefined
  readonly update_time?: string | undefined
  readonly evidences?: readonly { readonly source?: string | undefined }[] | undefined
  readonly links?: readonly PaypalLink[] | undefined
  readonly money_movements?:
    | readonly { readonly affected_party: string; readonly type: string; readonly amount: PaypalMoney }[]
    | undefined
}

export interface PaypalPayoutBatch {
  readonly batch_header: {
    readonly payout_batch_id: string
    readonly batch_status: string
    readonly sender_batch_header?: { readonly sender_batch_id?: string | undefined } | undefined
    readonly amount?: { readonly currency: string; readonly value: string } | undefined
  }
}

export interface PaypalEventLike {
  readonly id: string
  readonly event_type: string
  readonly create_time: string
  readonly resource_type?: string | undefined
  readonly resource: unknown
}

export interface PaypalTransaction {
  readonly transaction_info: {
    readonly transaction_id: string
    readonly transaction_event_code: string
    readonly transaction_initiation_date: string
    readonly transaction_amount: PaypalMoney
    readonly fee_amount?: PaypalMoney | undefined
    readonly paypal_reference_id?: string | undefined
    readonly custom_field?: string | undefined
  }
}
