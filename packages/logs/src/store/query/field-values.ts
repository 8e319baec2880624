import { unescapeText } from '../line/decode-value.ts'
import { readLine } from '../line/read-line.ts'
import { hasRow, type RowBits } from '../segment/bits.ts'
import { unescapeLine } from '../line/escape-line.ts'
import type { BlockColumn, BlockReader } from '../segment/block-reader.ts'

/** The columns of a block that hold values of a field; lines kept as a whole may. */
export async function columnsOf(block: BlockReader, field: string): Promise<BlockColumn[]> {
  const columns = []
  for (const part of block.layout.parts) {
    if (part.column < 0) continue
    const { kind, path } = block.searchable.columns[part.column]!
    if (kind === 'raw' || path === field) columns.push(await block.column(part))
  }
  return columns
}

/** Calls with every value of a field in some rows. Numbers come as numbers where they are kept so. */
export async function forEachValue(
  block: BlockReader,
  field: string,
  rows: RowBits,
  onValue: (row: number, value: string | number) => void,
): Promise<void> {
  for (const column of await columnsOf(block, field)) {
    const { values, rows: rowOf, layout } = column
    const count =
      values.type === 'codes'
        ? values.codes.length
        : values.type === 'integers'
          ? values.integers.length
          : values.offsets.length - 1
    const valueAt = valueReader(column)
    for (let index = 0; index < count; index++) {
      const row = rowOf === undefined ? index : rowOf[index]!
      if (!hasRow(rows, row)) continue
      if (layout.kind === 'raw') {
        const { text, offsets } = values as Extract<BlockColumn['values'], { type: 'text' }>
        for (const { path, value } of readLine(unescapeLine(text.subarray(offsets[index], offsets[index + 1]! - 1))))
          if (path === field) onValue(row, value)
        continue
      }
      const value = valueAt(index)
      if (value !== undefined) onValue(row, value)
    }
  }
}

/** Reads values of a column as they are meant; undefined for `null`. */
function valueReader({ values, layout, part }: BlockColumn): (index: number) => string | number | undefined {
  const meant = (value: string): string | undefined => {
    if (layout.kind === 'bare') return value === 'null' ? undefined : value
    return layout.kind === 'string' && value.includes('\\') ? unescapeText(value) : value
  }
  if (values.type === 'integers') return (index) => values.integers[index]!
  if (values.type === 'codes') {
    const texts = layout.values.map(meant)
    return (index) => texts[values.codes[index]!]
  }
  const { text, offsets, hasEscapes } = values
  const isPlain = layout.kind === 'text' || (layout.kind === 'string' && !hasEscapes)
  const width = part.encoding === 'hex' ? 'latin1' : 'utf8'
  return (index) => {
    const value = text.toString(width, offsets[index], offsets[index + 1]! - 1)
    return isPlain ? value : meant(value)
  }
}
