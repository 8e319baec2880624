/** The rules by which items are matched, the surest first. */
export type MatchRule =
  | 'key'
  | 'key-sum'
  | 'key-tolerance'
  | 'key-rate'
  | 'reversal'
  | 'reference'
  | 'reference-part'
  | 'counterparty'
  | 'amount-and-gateway'
  | 'reference-tolerance'
  | 'original-amount'
  | 'sum'
  | 'manual'

/** How sure each rule is, 0 to 1. */
export const scores: Readonly<Record<MatchRule, number>> = {
  key: 1,
  'key-sum': 1,
  reversal: 0.99,
  'key-tolerance': 0.98,
  reference: 0.97,
  'key-rate': 0.95,
  'original-amount': 0.95,
  'reference-tolerance': 0.93,
  'reference-part': 0.92,
  counterparty: 0.9,
  'amount-and-gateway': 0.85,
  sum: 0.85,
  manual: 1,
}

/** Two items that may belong together. */
export interface Edge {
  readonly left: string
  readonly right: string
  readonly rule: MatchRule
  /** What speaks for it, in words. */
  readonly evidence: string
  /** What speaks against it: 0 is best. */
  readonly cost: number
}

/** Items that belong together. */
export interface Match {
  readonly rule: MatchRule
  /** 0 to 1. */
  readonly score: number
  /** Sorted. What is expected: ours, or payouts. Empty for what one side takes back itself. */
  readonly left: readonly string[]
  /** Sorted. */
  readonly right: readonly string[]
  readonly evidence: string
}

/** Why an item is open. */
export type ExceptionReason =
  | 'missing'
  | 'duplicate'
  | 'amount_differs'
  | 'ambiguous'
  | 'unrelated'
  | 'conflict'
  | 'payout_empty'

/** An item that no rule could match. */
export interface OpenItem {
  readonly item: string
  readonly reason: ExceptionReason | 'written_off' | 'proposed'
  /** Items that it might belong to, the likeliest first, with the rule that did not suffice. */
  readonly candidates: readonly Edge[]
}
