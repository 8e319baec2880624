import type { Money } from '../money/money.ts'
import type { Decline } from './decline.ts'
import type { MethodSummary } from './payment-method.ts'
import type { NextAction } from './next-action.ts'
import type { DisputeStage, DisputeState, PaymentState, PayoutState, TransferState } from './state.ts'

/**
 * What a gateway says of a payment at one moment. The amounts are totals since its beginning, so that of two snapshots the
 * one with more is never the older. Where a gateway or an event leaves a total out it is 0, never more than the truth:
 * Authorize.Net does not say with a payment what went back of it, and Stripe's `payment_intent` events do not either.
 */
export interface PaymentSnapshot {
  readonly kind: 'payment'
  /** The gateway's identifier: what later commands name. */
  readonly reference: string
  /** The key of the command that made it, where the gateway keeps it. */
  readonly key?: string | undefined
  /** The host's order, where the gateway keeps it. */
  readonly order?: string | undefined
  readonly state: PaymentState
  /** What was asked for. */
  readonly amount: Money
  /** What the gateway reserved or took. Zero before. */
  readonly authorised: Money
  /** What was taken, in all. */
  readonly captured: Money
  /**
   * What was given back, in all; refunds on their way count, failed ones do not: the one total that can shrink, when a refund
   * fails at the buyer's bank.
   */
  readonly refunded: Money
  /** Each capture, the oldest first; empty where the gateway does not name them. */
  readonly captures: readonly CaptureSnapshot[]
  /** Each refund, the oldest first; empty where the gateway does not list them with the payment. */
  readonly refunds: readonly RefundSnapshot[]
  readonly method?: MethodSummary | undefined
  /** Why the last attempt failed. */
  readonly decline?: Decline | undefined
  readonly nextAction?: NextAction | undefined
}

/** Money that was taken. */
export interface CaptureSnapshot {
  readonly kind: 'capture'
  readonly reference: string
  /** The payment's reference. */
  readonly payment: string
  readonly key?: string | undefined
  readonly state: TransferState
  readonly amount: Money
  /** What the gateway kept, once it says so. */
  readonly fee?: Money | undefined
}

/** Money that was given back. */
export interface RefundSnapshot {
  readonly kind: 'refund'
  readonly reference: string
  /** The payment's reference; undefined when the gateway names only the capture. */
  readonly payment: string | undefined
  /** The capture's reference, where refunds belong to captures. */
  readonly capture?: string | undefined
  readonly key?: string | undefined
  readonly state: TransferState
  readonly amount: Money
  readonly failure?: string | undefined
}

/** Money that was paid out, to the host's bank account or to a receiver. */
export interface PayoutSnapshot {
  readonly kind: 'payout'
  readonly reference: string
  readonly key?: string | undefined
  readonly state: PayoutState
  readonly amount: Money
  /** When it arrives at the bank, as far as the gateway says. */
  readonly arrivesAt?: Date | undefined
  readonly failure?: string | undefined
}

/** A buyer's objection, as far as it has come. */
export interface DisputeSnapshot {
  readonly kind: 'dispute'
  readonly reference: string
  /** The payment's reference; undefined when the gateway names only the capture. */
  readonly payment: string | undefined
  /** The capture's reference, where the gateway names it. */
  readonly capture?: string | undefined
  readonly state: DisputeState
  readonly amount: Money
  /** What the gateway charges for the dispute, in all. */
  readonly fee?: Money | undefined
  /** What the gateway took back from the host's balance, without the fee, in all. */
  readonly withdrawn: Money
  /** What it gave back of that, in all. */
  readonly reinstated: Money
  /** The gateway's word for the reason. */
  readonly reason: string
  /** Until when evidence is accepted. */
  readonly evidenceDueBy?: Date | undefined
  /** @default 'inquiry' in the states `inquiry` and `closed`, otherwise 'chargeback' */
  readonly stage?: DisputeStage | undefined
  /** The network of the card, in lower case as the gateway names it: `visa`, `mastercard`, `amex`, `discover`. */
  readonly network?: string | undefined
  /** The network's code of the reason, such as `10.4`. */
  readonly networkReason?: string | undefined
  readonly openedAt?: Date | undefined
  /** When the gateway changed it last, where it says so: of two reports in one stage the later holds. */
  readonly changedAt?: Date | undefined
  /** How often evidence was handed in, in all. */
  readonly submissions?: number | undefined
  /** What the gateway lets the host do now; undefined where it does not say. */
  readonly actions?: readonly DisputeAction[] | undefined
}

/** What a gateway may let the host do about a dispute. */
export type DisputeAction = 'submit_evidence' | 'accept'

/** A method that the gateway keeps for a customer. */
export interface SavedMethodSnapshot {
  readonly kind: 'method'
  readonly reference: string
  /** The customer's reference. */
  readonly customer: string
  readonly method: MethodSummary
  readonly removed: boolean
}

/** A buyer whom the gateway knows. */
export interface CustomerSnapshot {
  readonly kind: 'customer'
  readonly reference: string
  /** The host's identifier, where the gateway keeps it. */
  readonly id?: string | undefined
}

/** What events tell of. */
export type GatewaySnapshot =
  | PaymentSnapshot
  | CaptureSnapshot
  | RefundSnapshot
  | PayoutSnapshot
  | DisputeSnapshot
  | SavedMethodSnapshot
