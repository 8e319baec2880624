import type { Money } from '../../money/money.ts'
import type { ItemKind } from '../items/item.ts'

/** One movement of money, as audits, forecasts and positions see it. */
export interface Movement {
  /** `<gateway>:…` or `bank:…`. */
  readonly id: string
  readonly side: 'gateway' | 'bank'
  /** Of a bank's entry: the gateway whose payout it is matched with. */
  readonly gateway: string | undefined
  readonly kind: ItemKind
  /** Signed: what comes in is positive; a payout is what the bank should receive. */
  readonly amount: Money
  /** What the gateway kept of it, in minor units. */
  readonly fee: bigint
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string
  /** The payout that a gateway's line went out with; of a payout its own name. */
  readonly payout: string | undefined
  /** Of a payout that was matched: the day on which the bank booked it. */
  readonly arrivedOn: string | undefined
}
