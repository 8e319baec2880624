import { addRow, countRows, hasRow, rowsOf, type RowBits } from '../segment/bits.ts'
import { unescapeLine } from '../line/escape-line.ts'
import type { BlockColumn } from '../segment/block-reader.ts'
import { foldCase, isTokenUnit } from '../line/character-classes.ts'
import { unescapeText } from '../line/decode-value.ts'
import { readLine } from '../line/read-line.ts'
import { textKernel } from '../segment/text-kernel.ts'
import { matchesValues, type MatchLeaf } from './compile-filter.ts'
import type { LeafPlan } from './segment-search.ts'

type TextColumn = BlockColumn & { readonly values: Extract<BlockColumn['values'], { type: 'text' }> }

const backslash = Buffer.from('\\')

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

/** Numbers are made texts only where it matters; where a token is asked for, once for it and once for its negative. */
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
  const [passes, negativePasses] = [matches(number), matches(-number)]
  return (value) => (value === number && passes) || (value === -number && negativePasses)
}

function matchText(leaf: MatchLeaf, column: BlockColumn, candidates: RowBits, found: RowBits): void {
  const { values, layout, rows } = column as TextColumn
  const { text, offsets, hasEscapes } = values
  const valueCount = offsets.length - 1
  const passes = valueTest(leaf, column as TextColumn)
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
  // All values of the block at once: searching one long text costs a tenth of searching each.
  const literal = Buffer.from(leaf.literal)
  const { edges } = leaf
  if (edges === undefined || layout.kind === 'bare')
    forEachValueWith(finderOf(text, literal, leaf.foldsCase), offsets, check)
  else {
    const take = (index: number): void => {
      const row = rows === undefined ? index : rows[index]!
      if (hasRow(candidates, row)) addRow(found, row)
    }
    // With escapes what stands there is not what is meant: a value with one is asked by itself.
    const decide = hasEscapes ? check : take
    forEachValueWith(finderOf(text, literal, leaf.foldsCase), offsets, decide, (at) => {
      const end = at + literal.length
      return !(edges.begin && isTokenUnit(text[at - 1] ?? 0)) && !(edges.end && isTokenUnit(text[end] ?? 0))
    })
  }
  if (hasEscapes) forEachValueWith(finderOf(text, backslash, false), offsets, check)
}

/** Makes the test of values of a column, by their places. */
function valueTest(leaf: MatchLeaf, { values, layout }: TextColumn): (index: number) => boolean {
  const { text, offsets, hasEscapes } = values
  const valueAt = (index: number): string => text.toString('utf8', offsets[index], offsets[index + 1]! - 1)
  if (layout.kind === 'raw')
    return (index) =>
      matchesValues(leaf, readLine(unescapeLine(text.subarray(offsets[index], offsets[index + 1]! - 1))))
  if (layout.kind === 'bare')
    return (index) => {
      const value = valueAt(index)
      return value !== 'null' && leaf.test(value, false)
    }
  const mayEscape = hasEscapes && layout.kind === 'string'
  const plain = (index: number): boolean => {
    const value = valueAt(index)
    return leaf.test(mayEscape && value.includes('\\') ? unescapeText(value) : value, true)
  }
  const { automaton } = leaf
  if (automaton === undefined) return plain
  return (index) => {
    const [start, end] = [offsets[index]!, offsets[index + 1]! - 1]
    if (mayEscape && text.subarray(start, end).includes(backslash)) return plain(index)
    return automaton.test(text, start, end) ?? plain(index)
  }
}

/** Finds the first place from one on. */
type Find = (from: number) => number

function finderOf(text: Buffer, sought: Buffer, foldsCase: boolean): Find {
  return textKernel()?.finder(text, sought, foldsCase) ?? plainFinder(text, sought, foldsCase)
}

/** Finds without WebAssembly. Bytes are characters here, so that places are offsets. */
export function plainFinder(text: Buffer, sought: Buffer, foldsCase: boolean): Find {
  if (!foldsCase) return (from) => text.indexOf(sought, from)
  const haystack = foldCase(text.toString('latin1'))
  const needle = sought.toString('latin1')
  return (from) => haystack.indexOf(needle, from)
}

/** Calls with each value that has what is found in a place that is right. */
function forEachValueWith(
  find: Find,
  offsets: Uint32Array,
  onValue: (index: number) => void,
  isRight?: (at: number) => boolean,
): void {
  let value = 0
  let at = find(0)
  while (at >= 0) {
    if (isRight !== undefined && !isRight(at)) {
      at = find(at + 1)
      continue
    }
    value = valueAtOffset(offsets, at, value)
    onValue(value++)
    if (value >= offsets.length - 1) return
    at = find(offsets[value]!)
  }
}

/** The value that an offset falls in, at or behind `from`: nearly always close to it. */
function valueAtOffset(offsets: Uint32Array, offset: number, from: number): number {
  let low = from
  let step = 1
  while (low + step < offsets.length && offsets[low + step]! <= offset) {
    low += step
    step *= 2
  }
  let high = Math.min(low + step, offsets.length - 1)
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (offsets[middle]! <= offset) low = middle
    else high = middle
  }
  return low
}
