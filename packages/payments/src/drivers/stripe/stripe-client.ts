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
  /** Calls with the same key are done once. */
  readonly idempotencyKey?: string
}

// `never` for parameters accepts any client; what the driver passes is held against the package's own types by a test.
/** A call that makes something. */
export type StripeCreate<Result> = (parameters: never, options?: StripeCallOptions) => Promise<Result>
/** A call on something that exists. */
export type StripeAct<Result> = (id: string, parameters?: never, options?: StripeCallOptions) => Promise<Result>
/** A call that lists; it fetches page after page. */
export type StripeList<Item> = (parameters: never) => AsyncIterable<Item>

/** The part of the stripe package's client that the driver uses. A host's own client fits; the driver never changes it. */
export interface StripeClientLike {
  readonly paymentIntents: {
    readonly create: StripeCreate<StripeIntent>
    readonly retrieve: StripeAct<StripeIntent>
    readonly capture: StripeAct<StripeIntent>
    readonly cancel: StripeAct<StripeIntent>
    readonly list: StripeList<StripeIntent>
  }
  readonly refunds: {
    readonly create: StripeCreate<StripeRefund>
    readonly retrieve: StripeAct<StripeRefund>
    readonly list: StripeList<StripeRefund>
  }
  readonly payouts: {
    readonly create: StripeCreate<StripePayout>
    readonly retrieve: StripeAct<StripePayout>
    readonly list: StripeList<StripePayout>
  }
  readonly disputes: {
    readonly retrieve: StripeAct<StripeDispute>
    readonly update: StripeAct<StripeDispute>
    readonly close: StripeAct<StripeDispute>
  }
  readonly charges: { readonly retrieve: StripeAct<StripeCharge> }
  readonly customers: { readonly create: StripeCreate<{ readonly id: string }> }
  readonly paymentMethods: {
    readonly attach: StripeAct<StripeMethod>
    readonly detach: StripeAct<StripeMethod>
    readonly retrieve: StripeAct<StripeMethod>
  }
  readonly balanceTransactions: { readonly list: StripeList<StripeBalanceTransaction> }
  readonly events: { readonly list: StripeList<StripeEventLike> }
}
