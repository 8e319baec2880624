/** What a gateway can do, as data: decide by it, show it, document it. */
export interface GatewayCapabilities {
  /** Reserving now and taking later. */
  readonly authorise: boolean
  /** How long a reservation holds, in milliseconds, as far as the gateway promises. */
  readonly authorisationLifetime: number
  /** Captures of less than was reserved. */
  readonly partialCapture: boolean
  /** More than one capture of a reservation. */
  readonly multipleCapture: boolean
  readonly partialRefund: boolean
  /** Refunds are possible only some time after the capture, when it is settled; before that, void. */
  readonly refundNeedsSettlement: boolean
  /** Captured money that is not settled can be given back in whole with `void`. */
  readonly voidAfterCapture: boolean
  readonly redirect: boolean
  readonly savedMethods: boolean
  readonly offSession: boolean
  /** Whom payouts can go to. */
  readonly payouts: readonly ('bank' | 'email')[]
  /** Disputes can be read and come as events. Where not, they are imported: `importReports` of payments. */
  readonly disputes: boolean
  readonly acceptDispute: boolean
  /** Evidence can be handed in. Where not, that is done elsewhere, and noted by hand. */
  readonly submitEvidence: boolean
  readonly webhooks: boolean
  /** Past events can be listed, so that missed ones are found. */
  readonly eventHistory: boolean
  readonly settlements: boolean
  /**
   * How a repeated command stays one command: `key`, the gateway keeps keys for `window` milliseconds; `lookup`, it keeps
   * none and has to be asked before anything is repeated.
   */
  readonly idempotency: { readonly kind: 'key'; readonly window: number } | { readonly kind: 'lookup' }
  /** ISO 4217 codes, or `any` for what the account allows. */
  readonly currencies: 'any' | readonly string[]
}
