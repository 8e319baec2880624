import type { Money } from '../../money/money.ts'

/** One movement as the host's own books have it. */
export interface OurRecord {
  /** Unique among ours. */
  readonly id: string
  readonly kind: 'charge' | 'refund' | 'refund_failure' | 'dispute' | 'dispute_reversal'
  /** Signed: a charge is positive, a refund negative. */
  readonly amount: Money
  readonly occurredAt: Date
  readonly gateway?: string | undefined
  /** Names that only this movement has at the gateway: its reference there, its idempotency key. */
  readonly keys?: readonly string[] | undefined
  /** The gateway's reference of the payment. */
  readonly payment?: string | undefined
  readonly order?: string | undefined
  readonly counterparty?: string | undefined
}
