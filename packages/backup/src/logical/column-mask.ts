/**
 * What becomes of the values of a column, so that an export may leave the house.
 *
 * - `null`: nothing is left. The server sends no value at all.
 * - `fixed`: the same value everywhere, NULLs included. The server sends no value of the column at all.
 * - `hash`: a number, text, UUID or bytes that are computed from the value with HMAC-SHA-256. Equal values stay equal, in
 *   every table and every export with the same key, so references go on to fit. NULL stays NULL.
 * - `keep-format`: letters become other letters and digits other digits, the rest stays. Different values stay
 *   different, so unique keys and references go on to fit. A pseudonym, no encryption: who may choose values and see
 *   them masked can find out much; a value of one character is merely shifted. NULL stays NULL.
 * - a function: gets each value as the text that PostgreSQL writes, and gives another text, or null.
 */
export type ColumnMask =
  | { readonly kind: 'null' }
  | {
      readonly kind: 'fixed'
      /** As PostgreSQL reads it. */
      readonly value: string
    }
  | {
      readonly kind: 'hash' | 'keep-format'
      /** At least 16 bytes, random. Whoever has it can find out values by trying: keep it like a password. */
      readonly key: string | Uint8Array
    }
  | MaskFunction

/** Masks a value; null is NULL. What it throws ends the export. */
export type MaskFunction = (value: string | null, row: MaskedRow) => string | null

/** The row that a value stands in. */
export interface MaskedRow {
  /** `schema.table`. */
  readonly table: string
  readonly column: string
  /** The value of another exported column as it was before any mask; masks of the kinds `null` and `fixed` have happened already. */
  value(column: string): string | null
}
