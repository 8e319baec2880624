import type { Money } from '../money/money.ts'
import type { Edge, ExceptionReason, Match } from './match/edge.ts'
import type { ConservationProof } from './proof/proof.ts'

/** Items that belong together. */
export interface ReportedMatch extends Match {
  /** `match:` and a digest of the items in it. */
  readonly id: string
  /** Left less right by currency, where it is not zero: to be posted as a difference of rounding, fees or exchange. */
  readonly differences: readonly Money[]
}

/** Something that people have to look at. */
export interface ReconcileException {
  /** The item, or the payout whose lines do not add up. */
  readonly item: string
  readonly reason: ExceptionReason | 'payout_lines_differ' | 'written_off' | 'proposed'
  readonly amount: Money
  /** Days from the item to the day of the report. */
  readonly age: number
  /** What to do next, in a sentence. */
  readonly action: string
  /** What it might belong to, the likeliest first. */
  readonly candidates: readonly Edge[]
}

/** A payout, and the lines that went out with it. */
export interface PayoutComposition {
  readonly payout: string
  readonly lines: readonly string[]
  /** The sum of the lines less what was paid out: zero, unless it is an exception. */
  readonly difference: Money
}

/** What is known of one item. */
export interface Explanation {
  readonly item: string
  readonly match: ReportedMatch | undefined
  readonly exception: ReconcileException | undefined
  /** The payout that a gateway's line went out with. */
  readonly payout: string | undefined
}

/** What came of a reconciliation. The same inputs in any order give the same bytes. */
export interface ReconcileReport {
  /** Sorted by their first item. */
  readonly matches: readonly ReportedMatch[]
  /** Sorted by item. */
  readonly exceptions: readonly ReconcileException[]
  readonly payouts: readonly PayoutComposition[]
  /** Entries that stood in more than one statement, and records that were passed twice; they count once. */
  readonly repeated: readonly string[]
  readonly proof: ConservationProof
  /** SHA-256 over rules, inputs and everything that was found. */
  readonly hash: string
  /** @throws `PAYMENTS_RECONCILE_UNKNOWN` */
  explain(id: string): Explanation
  /** The report as JSON; amounts are text in minor units. */
  toJSON(): unknown
}
