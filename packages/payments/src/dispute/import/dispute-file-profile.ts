import type { DisputeState } from '../../gateway/state.ts'

/** Where a processor's CSV file has what. A column is named by its heading. */
export interface DisputeFileProfile {
  readonly columns: {
    /** The processor's number of the case. */
    readonly reference: string
    /** The gateway's reference of the payment. */
    readonly payment: string
    readonly amount: string
    readonly currency?: string | undefined
    /** How it stands: `states` says what the words mean. */
    readonly status: string
    /** The network's code of the reason. */
    readonly reasonCode?: string | undefined
    readonly reason?: string | undefined
    readonly network?: string | undefined
    readonly openedOn?: string | undefined
    /** The last day of evidence; it ends with that day in UTC. */
    readonly dueOn?: string | undefined
    /** The day of the row: of two rows of one case the later holds. */
    readonly changedOn?: string | undefined
    /** What was taken back, in all. @default the amount, unless it is an inquiry */
    readonly withdrawn?: string | undefined
    /** What was given back of it, in all. @default the amount when it is won, otherwise nothing */
    readonly reinstated?: string | undefined
    readonly fee?: string | undefined
  }
  /** What the processor's words for the status mean; other words are refused. */
  readonly states: Readonly<Record<string, DisputeState>>
  /** Where no column has it. */
  readonly currency?: string | undefined
  /** The order of the parts of dates. @default 'ymd' */
  readonly date?: 'ymd' | 'dmy' | 'mdy' | undefined
  /** @default ',' */
  readonly separator?: ',' | ';' | '\t' | '|' | undefined
}
