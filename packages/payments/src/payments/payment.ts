import type { Decline } from '../gateway/decline.ts'
import type { NextAction } from '../gateway/next-action.ts'
import type { MethodSummary } from '../gateway/payment-method.ts'
import type { DisputeStage, DisputeState, PaymentState, PayoutState, TransferState } from '../gateway/state.ts'
import type { Money } from '../money/money.ts'

/** A payment as we know it: what its gateway has said so far, in whatever order. */
export interface Payment {
  /** Ours. */
  readonly id: string
  readonly gateway: string
  /** The gateway's identifier; undefined until it has told. */
  readonly reference: string | undefined
  /** The key of the charge. */
  readonly key: string
  readonly order: string | undefined
  readonly state: PaymentState
  /** What was asked for. */
  readonly amount: Money
  readonly authorised: Money
  readonly captured: Money
  /** Refunds that did not fail, on their way or done. */
  readonly refunded: Money
  readonly method: MethodSummary | undefined
  readonly decline: Decline | undefined
  readonly nextAction: NextAction | undefined
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A capture, refund, payout or dispute as we know it. */
export interface Transfer {
  readonly kind: 'capture' | 'refund' | 'payout' | 'dispute'
  readonly gateway: string
  /** The gateway's identifier. */
  readonly reference: string
  /** The payment's id; undefined for payouts. */
  readonly payment: string | undefined
  readonly state: TransferState | PayoutState | DisputeState
  readonly amount: Money
  /** What the gateway keeps for it, as far as it says. */
  readonly fee: Money
  /** Disputes: taken back from the balance, in all. */
  readonly withdrawn: Money
  /** Disputes: given back of that, in all. */
  readonly reinstated: Money
  /** Disputes: why. Refunds and payouts that failed: why. */
  readonly reason: string | undefined
  /** Disputes: until when evidence is accepted. */
  readonly evidenceDueBy: Date | undefined
  /** Disputes: how far the quarrel has gone. */
  readonly stage?: DisputeStage | undefined
  /** Disputes: when the gateway changed it last, where it says so. */
  readonly changedAt?: Date | undefined
  /** Payouts: when it arrives, and whether it went to the host's own bank account. */
  readonly arrivesAt: Date | undefined
  readonly toBank: boolean
  /** The key of the command that made it. */
  readonly key: string | undefined
}

/** Something changed. Told inside the transaction that records it. */
export type PaymentChange =
  | { readonly kind: 'payment'; readonly payment: Payment; readonly before: Payment }
  | { readonly kind: 'transfer'; readonly transfer: Transfer; readonly before: Transfer | undefined }
