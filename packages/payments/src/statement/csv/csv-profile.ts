/** Where a bank's CSV has what. A column is named by its heading. */
export interface CsvProfile {
  readonly columns: {
    readonly bookedOn: string
    /** @default that of `bookedOn` */
    readonly valueOn?: string | undefined
    /** Signed. Or `credit` and `debit`. */
    readonly amount?: string | undefined
    /** What arrived, in a column of its own. */
    readonly credit?: string | undefined
    /** What left, with or without a sign. */
    readonly debit?: string | undefined
    readonly currency?: string | undefined
    /** One or more, joined by a blank. */
    readonly text?: string | readonly string[] | undefined
    readonly counterparty?: string | undefined
    readonly bankReference?: string | undefined
    readonly references?: readonly string[] | undefined
    /** The balance after the entry, by which the chain is checked. */
    readonly balance?: string | undefined
  }
  /** The account: files rarely say. */
  readonly account: string
  /** Where no column has it. */
  readonly currency?: string | undefined
  /** The order of the parts of dates. @default 'ymd' */
  readonly date?: 'ymd' | 'dmy' | 'mdy' | undefined
  /** @default '.' */
  readonly decimal?: '.' | ',' | undefined
  /** @default ',' */
  readonly separator?: ',' | ';' | '\t' | '|' | undefined
  /** Lines before the headings. @default 0 */
  readonly skip?: number | undefined
  /** Whether the newest entry stands first. @default false */
  readonly newestFirst?: boolean | undefined
  /** @default 'utf-8' */
  readonly encoding?: string | undefined
}
