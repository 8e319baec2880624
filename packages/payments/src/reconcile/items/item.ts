import type { Money } from '../../money/money.ts'

/** What a movement is. Those of one family may be matched with each other. */
export type ItemKind =
  | 'charge'
  | 'refund'
  | 'refund_failure'
  | 'dispute'
  | 'dispute_reversal'
  | 'payout'
  | 'payout_failure'
  | 'entry'
  | 'fee'
  | 'adjustment'

/** One movement as matching sees it, whatever it came from. */
export interface Item {
  /** `ours:…`, `<gateway>:…` or `bank:…`. */
  readonly id: string
  readonly side: 'ours' | 'gateway' | 'bank'
  readonly kind: ItemKind
  /** Signed as its leg compares it: a payout is what the bank should receive. */
  readonly amount: Money
  /** What the gateway kept, in minor units. */
  readonly fee: bigint
  /** Days since 1970, UTC. */
  readonly day: number
  /** Names that only this movement and its counterpart have. */
  readonly keys: readonly string[]
  /** Names that several movements may share: an order, a payment. */
  readonly groups: readonly string[]
  /** References found in free text, normalised. */
  readonly tokens: readonly string[]
  /** Names of gateways: its own, or those that its text mentions. */
  readonly gateways: readonly string[]
  readonly name: string | undefined
  readonly original: Money | undefined
  readonly reversal: boolean
  /** Of a gateway's line: the payout that it left with. */
  readonly payout: string | undefined
}

/** The two sides that are compared: orders with the gateway's lines, payouts with the bank's. */
export type Leg = 'orders' | 'payouts'

/** Which leg an item belongs to; undefined for what has no counterpart: fees and adjustments. */
export function legOf({ kind }: Pick<Item, 'kind'>): Leg | undefined {
  if (kind === 'fee' || kind === 'adjustment') return undefined
  return kind === 'payout' || kind === 'payout_failure' || kind === 'entry' ? 'payouts' : 'orders'
}

/** Whether it stands on the left of its leg: what is expected. */
export function isLeft({ side, kind }: Pick<Item, 'side' | 'kind'>): boolean {
  return side === 'ours' || kind === 'payout' || kind === 'payout_failure'
}

/** Kinds that may be matched with each other have one family. */
export function familyOf({ kind }: Pick<Item, 'kind'>): string {
  if (kind === 'refund_failure') return 'refund'
  if (kind === 'dispute_reversal') return 'dispute'
  return kind === 'payout_failure' || kind === 'entry' ? 'payout' : kind
}
