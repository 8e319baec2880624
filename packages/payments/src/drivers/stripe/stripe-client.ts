import type {
  StripeBalanceTransaction,
  StripeCharge,
  StripeDispute,
  StripeEventLike,
  StripeIntent,
  StripeMethod,
  StripePayout,
  StripeRefund,
} from './stripe-types.ts'

/** Options of a call of the stripe package. */
export interface StripeCallOptions {
  readonly idempotencyKey?: string
}

// `never` for parameters accepts any client; what the driver passes is held against the package's own types by a test.
type Create<Result> = (parameters: never, options?: StripeCallOptions) => Promise<Result>
type Act<Result> = (id: string, parameters?: never, options?: StripeCallOptions) => Promise<Result>
type List<Item> = (parameters: never) => AsyncIterable<Item>

/** The part of the stripe package's client that the driver uses. A host's own client fits; the driver never changes it. */
export interface StripeClientLike {
  readonly paymentIntents: {
    readonly create: Create<StripeIntent>
    readonly retrieve: Act<StripeIntent>
    readonly capture: Act<StripeIntent>
    readonly cancel: Act<StripeIntent>
    readonly list: List<StripeIntent>
  }
  readonly refunds: {
    readonly create: Create<StripeRefund>
    readonly retrieve: Act<StripeRefund>
    readonly list: List<StripeRefund>
  }
  readonly payouts: {
    readonly create: Create<StripePayout>
    readonly retrieve: Act<StripePayout>
    readonly list: List<StripePayout>
  }
  readonly disputes: { readonly retrieve: Act<StripeDispute>; readonly close: Act<StripeDispute> }
  readonly charges: { readonly retrieve: Act<StripeCharge> }
  readonly customers: { readonly create: Create<{ readonly id: string }> }
  readonly paymentMethods: {
    readonly attach: Act<StripeMethod>
    readonly detach: Act<StripeMethod>
    readonly retrieve: Act<StripeMethod>
  }
  readonly balanceTransactions: { readonly list: List<StripeBalanceTransaction> }
  readonly events: { readonly list: List<StripeEventLike> }
}
