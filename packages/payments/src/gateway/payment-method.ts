/**
 * What the buyer pays with. Card numbers never pass through here: the buyer's browser or app hands them to the gateway and
 * gets a token back.
 */
export type PaymentMethod =
  /** A one-time token from the gateway's own form: `pm_…` or `tok_…` of Stripe, `descriptor|value` of Accept.js. */
  | { readonly kind: 'token'; readonly token: string }
  /** A method that the gateway keeps. */
  | { readonly kind: 'saved'; readonly reference: string; readonly customer?: string | undefined }
  /** The buyer chooses on a page of the gateway; the outcome is `requires_action` with its address. */
  | { readonly kind: 'redirect' }

/** What may be shown of a method. */
export interface MethodSummary {
  /** The gateway's word: `card`, `sepa_debit`, `paypal`, … */
  readonly type: string
  /** `visa`, `mastercard`, …, in lower case. */
  readonly brand?: string | undefined
  /** The last four digits. */
  readonly last4?: string | undefined
  /** `YYYY-MM`. */
  readonly expires?: string | undefined
}
