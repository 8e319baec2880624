import type { MaskedRow } from './column-mask.ts'
import type { ChosenTable } from './choose-tables.ts'
import { compileMask, type CompiledMask } from './compile-mask.ts'
import { decodeField, encodeField, fieldEnd, rowEnd, splitRow } from './copy-text.ts'
import { tableText } from './describe-tables.ts'
import { logicalErrors } from './errors.ts'

/** Masks one row in COPY's text form, its end included. */
export type MaskRow = (row: Buffer, rowNumber: number) => Buffer

/** What a table's masks come to. */
export interface TableMasks {
  /** By column, in the order of export. */
  readonly columns: readonly CompiledMask[]
  /** Undefined when rows are stored as they come. */
  readonly maskRow: ((part: string) => MaskRow) | undefined
}

/** @throws `BACKUP_EXPORT_MASK_INVALID`; a function that throws gives `BACKUP_EXPORT_MASK_FAILED` */
export function tableMasks(table: ChosenTable): TableMasks {
  const text = tableText(table)
  const columns = table.columns.map((column): CompiledMask => {
    const mask = table.masks.get(column.name)
    return mask === undefined ? {} : compileMask(text, column, mask)
  })
  const names = table.columns.map(({ name }) => name)
  const masked = columns.flatMap(({ mask }, index) =>
    mask === undefined ? [] : [{ mask, index, column: names[index]! }],
  )
  if (masked.length === 0) return { columns, maskRow: undefined }
  const maskRow =
    (part: string): MaskRow =>
    (row, rowNumber) => {
      const fields = splitRow(row)
      const value = (column: string): string | null => decodeField(fields[names.indexOf(column)] ?? nothing)
      const changed = masked.map(({ mask, index, column }) => {
        const context: MaskedRow = { table: text, column, value }
        try {
          const result: unknown = mask(decodeField(fields[index] ?? nothing), context)
          if (result !== null && typeof result !== 'string') throw new TypeError('the mask gave neither text nor null')
          if (result?.includes('\0')) throw new TypeError('the mask gave a text with a NUL')
          return { index, field: Buffer.from(encodeField(result)) }
        } catch (cause) {
          throw logicalErrors.BACKUP_EXPORT_MASK_FAILED({ table: text, column, row: rowNumber, part }, { cause })
        }
      })
      for (const { index, field } of changed) fields[index] = field
      return joinRow(fields)
    }
  return { columns, maskRow }
}

const nothing = Buffer.alloc(0)

function joinRow(fields: readonly Buffer[]): Buffer {
  const row = Buffer.allocUnsafe(fields.reduce((size, field) => size + field.length + 1, 0))
  let at = 0
  for (const field of fields) {
    row.set(field, at)
    at += field.length
    row[at++] = fieldEnd
  }
  row[at - 1] = rowEnd
  return row
}
