import type { MovementColumns } from './movement-columns.ts'

/** A CSV file of movements, with a line of headings (RFC 4180). */
export interface MovementsFile {
  readonly path: string
  /** Its headings. Amounts are decimal text; dates are `YYYY-MM-DD`, with anything behind it. */
  readonly columns: MovementColumns
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
