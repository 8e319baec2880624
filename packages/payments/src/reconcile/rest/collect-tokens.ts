import { compareBytes } from './compare-bytes.ts'
import type { RowColumns } from './rest-rows.ts'

const shortest = 6
const [outside, mark, letter, digit] = [0, 1, 2, 3]
/** What each byte is in a reference. */
export const kinds = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = code < 128 ? String.fromCharCode(code) : ''
  if (/\d/.test(character)) return digit
  return /[A-Za-z]/.test(character) ? letter : /[_-]/.test(character) ? mark : outside
})

/**
 * As `referenceTokens`, of bytes: adds the references in one text of a row to its columns, each once and in order. `first` is
 * the number of the row's first reference.
 */
export function collectTokens(
  columns: RowColumns,
  source: Uint8Array,
  start: number,
  end: number,
  first: number,
): void {
  for (let at = start; at < end; at++)
    if (source[at]! > 127) {
      // What becomes longer in capitals is no ASCII: ß is SS.
      const text = Buffer.from(source.buffer, source.byteOffset + start, end - start).toString('utf8')
      const capitals = Buffer.from(text.toUpperCase())
      collect(columns, capitals, 0, capitals.length, first)
      return
    }
  collect(columns, source, start, end, first)
}

function collect(columns: RowColumns, source: Uint8Array, start: number, end: number, first: number): void {
  columns.reserve(end - start, (end - start) / shortest + 1)
  const { bytes } = columns
  for (let at = start; at < end; at++) {
    if (kinds[source[at]!]! < letter) continue
    let [to, digits] = [columns.used, 0]
    for (; at < end; at++) {
      const byte = source[at]!
      const kind = kinds[byte]!
      if (kind === outside) break
      if (kind === mark) continue
      if (kind === digit) digits++
      bytes[to++] = kind === letter ? byte & 0xdf : byte
    }
    if (to - columns.used >= shortest && digits > 0) insert(columns, to, first)
  }
}

/** Puts the reference that was just written where it belongs among those of its row, unless it is there. */
function insert(columns: RowColumns, end: number, first: number): void {
  const { tokens, bytes, used } = columns
  let place = columns.tokenCount
  for (; place > first; place--) {
    const order = compareBytes(bytes, tokens[2 * place - 2]!, tokens[2 * place - 1]!, bytes, used, end)
    if (order === 0) return
    if (order < 0) break
  }
  tokens.copyWithin(2 * place + 2, 2 * place, 2 * columns.tokenCount)
  tokens[2 * place] = used
  tokens[2 * place + 1] = end
  columns.tokenCount++
  columns.used = end
}
