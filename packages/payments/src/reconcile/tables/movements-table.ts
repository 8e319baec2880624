import type { SqlValue } from '@exprsn/core/database'

/** Movements in a table of PostgreSQL. */
export interface MovementsTable {
  /**
   * A table or view, `name` or `schema.name`, in the spelling of the database; or a whole `select`, which nobody but you may
   * have written.
   */
  readonly from: string
  /** Of the placeholders of a `select`. @default none */
  readonly values?: readonly SqlValue[] | undefined
  /** The names of its columns; one column may serve for several things. */
  readonly columns: {
    /** Unique within the table. */
    readonly id: string
    /** The name that only this movement has at the gateway; may be null or empty. */
    readonly key: string
    /** Below zero it is a refund. */
    readonly amount: string
    /** A date, a time with its zone, or text that begins with `YYYY-MM-DD`. Days are those of UTC. */
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
  /** Whether amounts are decimal, as 49.90, or in minor units, as 4990. @default 'decimal' */
  readonly amounts?: 'decimal' | 'minor' | undefined
}
