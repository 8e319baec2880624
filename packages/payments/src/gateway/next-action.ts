/** What the buyer has to do before the payment goes on. */
export type NextAction =
  /** Send the buyer's browser there. */
  | { readonly kind: 'redirect'; readonly url: string }
  /** Pass the secret to the gateway's script in the buyer's browser, such as Stripe.js. */
  | { readonly kind: 'script'; readonly clientSecret: string }
