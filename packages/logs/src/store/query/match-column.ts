import { addRow, countRows, hasRow, rowsOf, type RowBits } from '../segment/bits.ts'
import { unescapeLine } from '../segment/block-builder.ts'
import type { BlockColumn } from '../segment/block-reader.ts'
import { isTokenUnit } from '../line/character-classes.ts'
import { unescapeText } from '../line/decode-value.ts'
import { readLine } from '../line/read-line.ts'
import { matchesValues, type MatchLeaf } from './compile-filter.ts'
import type { LeafPlan } from './segment-search.ts'

/** Adds to `found` the candidates that have a value in this column that passes. */
export function matchColumn(
  leaf: MatchLeaf,
  plan: LeafPlan,
  column: BlockColumn,
  candidates: RowBits,
  found: RowBits,
): void {
  const { values, rows, part } = column
  if (values.type === 'codes') {
    const passes = plan.codes.get(part.column)
    if (passes === undefined) return
    for (let index = 0; index < values.codes.length; index++) {
      if (passes[values.codes[index]!] !== 1) continue
      const row = rows === undefined ? index : rows[index]!
      if (hasRow(candidates, row)) addRow(found, row)
    }
  } else if (values.type === 'integers') {
    const matches = integerTest(leaf)
    for (let index = 0; index < values.integers.length; index++) {
      const row = rows === undefined ? index : rows[index]!
      if (hasRow(candidates, row) && matches(values.integers[index]!)) addRow(found, row)
    }
  } else matchText(leaf, column, candidates, found)
}

/** Numbers are made texts only where it matters: where the one token that is asked for is this number. */
function integerTest({ tokens, test, range }: MatchLeaf): (value: number) => boolean {
  const matches = (value: number): boolean => test(String(value), false)
  if (range !== undefined) return (value) => value >= range[0] && value <= range[1] && matches(value)
  if (tokens.length === 0) {
    const known = new Map<number, boolean>()
    return (value) => {
      let result = known.get(value)
      if (result === undefined) {
        result = matches(value)
        if (known.size < 1_024) known.set(value, result)
      }
      return result
    }
  }
  const number = Number(tokens[0])
  return (value) => (value === number || value === -number) && matches(value)
}

function matchText(leaf: MatchLeaf, column: BlockColumn, candidates: RowBits, found: RowBits): void {
  const { values, layout, rows } = column as BlockColumn & { values: Extract<BlockColumn['values'], { type: 'text' }> }
  const { text, offsets, hasEscapes } = values
  const valueCount = offsets.length - 1
  const valueAt = (index: number): string => text.toString('utf8', offsets[index], offsets[index + 1]! - 1)
  const passes = (index: number): boolean => {
    if (layout.kind === 'raw')
      return matchesValues(leaf, readLine(unescapeLine(text.subarray(offsets[index], offsets[index + 1]! - 1))))
    const value = valueAt(index)
    if (layout.kind === 'bare') return value !== 'null' && leaf.test(value, false)
    return leaf.test(hasEscapes && layout.kind === 'string' && value.includes('\\') ? unescapeText(value) : value, true)
  }
  const check = (index: number): void => {
    const row = rows === undefined ? index : rows[index]!
    if (hasRow(candidates, row) && !hasRow(found, row) && passes(index)) addRow(found, row)
  }
  const wanted = countRows(candidates)
  if (leaf.literal === '' || layout.kind === 'raw' || wanted * 16 < valueCount) {
    if (rows === undefined) for (const row of rowsOf(candidates)) check(row)
    else for (let index = 0; index < valueCount; index++) check(index)
    return
  }
  // All values of the block at once: searching one long text costs a tenth of searching each. Bytes are characters here, so
  // that places are offsets; folding may confuse letters beyond ASCII, which the test then tells apart.
  const whole = text.toString('latin1')
  const haystack = leaf.foldsCase ? whole.toLowerCase() : whole
  const bytes = Buffer.from(leaf.literal).toString('latin1')
  const needle = leaf.foldsCase ? bytes.toLowerCase() : bytes
  const { edges } = leaf
  if (edges === undefined || layout.kind === 'bare') forEachValueWith(haystack, needle, offsets, check)
  else {
    const take = (index: number): void => {
      const row = rows === undefined ? index : rows[index]!
      if (hasRow(candidates, row)) addRow(found, row)
    }
    // With escapes what stands there is not what is meant: a value with one is asked by itself.
    const decide = hasEscapes ? check : take
    forEachValueWith(haystack, needle, offsets, decide, (at) => {
      const end = at + needle.length
      return (
        !(edges.begin && isTokenUnit(haystack.charCodeAt(at - 1))) &&
        !(edges.end && isTokenUnit(haystack.charCodeAt(end)))
      )
    })
  }
  if (hasEscapes) forEachValueWith(whole, '\\', offsets, check)
}

/** Calls with each value that has the needle in a place that is right. */
function forEachValueWith(
  haystack: string,
  needle: string,
  offsets: Uint32Array,
  onValue: (index: number) => void,
  isRight?: (at: number) => boolean,
): void {
  let value = 0
  let at = haystack.indexOf(needle)
  while (at >= 0) {
    if (isRight !== undefined && !isRight(at)) {
      at = haystack.indexOf(needle, at + 1)
      continue
    }
    value = valueAtOffset(offsets, at, value)
    onValue(value++)
    if (value >= offsets.length - 1) return
    at = haystack.indexOf(needle, offsets[value]!)
  }
}

/** The value that an offset falls in, at or behind `from`. */
function valueAtOffset(offsets: Uint32Array, offset: number, from: number): number {
  let [low, high] = [from, offsets.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (offsets[middle]! <= offset) low = middle
    else high = middle
  }
  return low
}
