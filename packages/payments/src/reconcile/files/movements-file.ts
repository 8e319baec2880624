/** A CSV file of movements, with a line of headings (RFC 4180). */
export interface MovementsFile {
  readonly path: string
  /** The headings of its columns; one column may serve for several things. */
  readonly columns: {
    /** Unique within the file. */
    readonly id: string
    /** The name that only this movement has at the gateway; may be empty. */
    readonly key: string
    /** Decimal text; below zero it is a refund. */
    readonly amount: string
    /** `YYYY-MM-DD`, with anything behind it. */
    readonly date: string
    /** A name that several movements may share: an order, a payment. @default none */
    readonly group?: string | undefined
    /** Free text in which references may stand. @default none */
    readonly text?: string | undefined
    /** ISO 4217. @default `currency` */
    readonly currency?: string | undefined
  }
  /** The currency of all rows, where no column has it. */
  readonly currency?: string | undefined
  /** One character. @default ',' */
  readonly separator?: string | undefined
  /** @default '.' */
  readonly decimal?: '.' | ',' | undefined
}

/** Names of the fields of a row, in the order in which their places are kept. */
export const roles = ['id', 'key', 'amount', 'date', 'group', 'text', 'currency'] as const

/** What a field of a row is. */
export type Role = (typeof roles)[number]
