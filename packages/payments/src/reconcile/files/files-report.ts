import type { Money } from '../../money/money.ts'
import type { ReconcileReport } from '../report.ts'

/** The pairs of one currency that a name decided: exactly one row of either side has it, with the same amount. */
export interface ExactPairs {
  readonly pairs: number
  /** Of either side. */
  readonly sum: Money
}

/** What came of two files. The same rows in any order give the same bytes. */
export interface FilesReport extends Omit<ReconcileReport, 'payouts'> {
  readonly rows: { readonly ours: number; readonly gateway: number }
  /**
   * By currency. They are too many to be listed: in `matches` and in the proof one pair of items stands for all of a
   * currency, `ours:*EUR` and `<gateway>:*EUR`, with their sum.
   */
  readonly exact: readonly ExactPairs[]
}
