import type { Money } from '../money/money.ts'

/** One movement of the host's balance at the gateway. The sum of all nets is the balance. */
export interface SettlementLine {
  readonly reference: string
  readonly kind:
    | 'charge'
    | 'refund'
    | 'refund_failure'
    | 'dispute'
    | 'dispute_reversal'
    | 'fee'
    | 'payout'
    | 'payout_failure'
    | 'adjustment'
  /** Signed: what came in is positive. */
  readonly gross: Money
  /** What the gateway kept: positive, or negative when it gives a fee back. */
  readonly fee: Money
  /** `gross − fee`. */
  readonly net: Money
  readonly occurredAt: Date
  /** The reference of the capture, refund, dispute or payout behind it. */
  readonly source?: string | undefined
  readonly payment?: string | undefined
  readonly key?: string | undefined
  /** The payout that it went out with. */
  readonly payout?: string | undefined
}
