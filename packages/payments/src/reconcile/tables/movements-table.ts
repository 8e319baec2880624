import type { SqlValue } from '@exprsn/core/database'
import type { MovementColumns } from '../files/movement-columns.ts'

/** Movements in a table of PostgreSQL. */
export interface MovementsTable {
  /**
   * A table or view, `name` or `schema.name`, in the spelling of the database; or a whole `select`, which nobody but you may
   * have written.
   */
  readonly from: string
  /** Of the placeholders of a `select`. @default none */
  readonly values?: readonly SqlValue[] | undefined
  /**
   * Its columns. The key may be null, too; the date is a date, a time with its zone, or text that begins with `YYYY-MM-DD`. Days are
   * those of UTC.
   */
  readonly columns: MovementColumns
  /** The currency of all rows, where no column has it. */
  readonly currency?: string | undefined
  /** Whether amounts are decimal, as 49.90, or in minor units, as 4990. @default 'decimal' */
  readonly amounts?: 'decimal' | 'minor' | undefined
}
