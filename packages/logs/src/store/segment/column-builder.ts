import { crc32 } from 'node:zlib'
import { giveBack } from '../give-back.ts'
import { grown } from '../grown.ts'
import { noRow, type LooseText, type TokenText } from '../tokens/token-text.ts'
import { encodeIntegers } from './integers.ts'
import { decodeText } from '../line/decode-value.ts'
import type { ColumnKind, PartLayout } from './layout.ts'
import { pack } from './pack.ts'
import { ValueDictionary } from './value-dictionary.ts'

/** A column of a block that was encoded: its layout with an offset of 0, and its bytes. */
export interface EncodedPart {
  readonly layout: PartLayout
  readonly bytes: Uint8Array
}

/** What is known of a column before its first value: what it was in the segment before. */
export type ColumnMode = 'codes' | 'integers' | 'text'

const mostDigits = 15
const none = new Uint8Array(0)
const newline = 0x0a

/**
 * Values of one column of the block that is being filled. It begins with codes or integers and turns to text, for the rest
 * of its segment, at the first value that does not fit. Only text is indexed: whoever asks looks at codes and integers.
 */
export class ColumnBuilder {
  readonly id: number
  readonly kind: ColumnKind
  readonly path: string
  readonly dictionary: ValueDictionary = new ValueDictionary()
  readonly #loose: LooseText
  #mode: ColumnMode | undefined
  #count = 0
  #rows = new Uint16Array(256)
  #codes = new Uint8Array(256)
  #integers = new Float64Array(0)
  #text = new Uint8Array(0)
  #textEnd = 0
  #hasEscapes = false

  constructor(id: number, kind: ColumnKind, path: string, mode: ColumnMode | undefined, loose: LooseText) {
    this.id = id
    this.kind = kind
    this.path = path
    this.#mode = kind === 'text' || kind === 'raw' ? 'text' : mode
    this.#loose = loose
  }

  /** How its values are kept. */
  get mode(): ColumnMode | undefined {
    return this.#mode
  }

  /** Values of the block so far. */
  get count(): number {
    return this.#count
  }

  /** What of the block is to be indexed; nothing of codes and integers. */
  get text(): TokenText | undefined {
    if (this.#mode !== 'text') return undefined
    return { bytes: this.#text.subarray(0, this.#textEnd), rows: this.#rows.subarray(0, this.#count) }
  }

  /** Adds the value of a row; rows come in ascending order. */
  add(bytes: Uint8Array, start: number, end: number, row: number, hasEscapes: boolean): void {
    if (this.#mode === 'text') return this.#addText(bytes, start, end, row, hasEscapes)
    if (this.#mode === undefined)
      this.#mode = this.kind === 'bare' && isInteger(bytes, start, end) ? 'integers' : 'codes'
    if (this.#count === this.#rows.length) this.#rows = grown(this.#rows, this.#count, this.#count + 1)
    if (this.#mode === 'integers' && isInteger(bytes, start, end)) {
      if (this.#count >= this.#integers.length) this.#integers = grown(this.#integers, this.#count, this.#count + 1)
      this.#integers[this.#count] = integerOf(bytes, start, end)
    } else {
      const code = this.#mode === 'integers' ? -1 : this.dictionary.codeOf(bytes, start, end)
      if (code < 0) {
        this.#turnToText()
        return this.#addText(bytes, start, end, row, hasEscapes)
      }
      if (this.#count >= this.#codes.length) this.#codes = grown(this.#codes, this.#count, this.#count + 1)
      this.#codes[this.#count] = code
      if (hasEscapes) this.#hasEscapes = true
    }
    this.#rows[this.#count++] = row
  }

  /** Adds values to a column of text, with a newline behind each and without escapes; see {@link TokenText} for their rows. */
  addTexts(bytes: Uint8Array, rows: Uint16Array): void {
    const end = this.#textEnd + bytes.length
    if (end > this.#text.length) this.#text = grown(this.#text, this.#textEnd, end)
    this.#text.set(bytes, this.#textEnd)
    this.#textEnd = end
    this.#addRows(rows)
  }

  /** Adds values to a column of integers. */
  addIntegers(integers: Float64Array, rows: Uint16Array): void {
    const end = this.#count + integers.length
    if (end > this.#integers.length) this.#integers = grown(this.#integers, this.#count, end)
    this.#integers.set(integers, this.#count)
    this.#addRows(rows)
  }

  /** Adds a value whose tokens are somebody else's business. */
  addOpaque(bytes: Uint8Array): void {
    this.#append(bytes, 0, bytes.length, noRow)
    this.#hasEscapes = true
  }

  /** The values of the block. Times are those of the rows: an integer column that equals them needs no bytes. */
  encode(times: Float64Array): EncodedPart {
    const { id: column } = this
    const count = this.#count
    const common = { column, count, offset: 0 }
    if (this.#mode === 'integers') {
      const integers = this.#integers.subarray(0, count)
      if (isSame(integers, times)) return { layout: { ...common, encoding: 'times', length: 0, size: 0 }, bytes: none }
      return integerPart(column, integers)
    }
    if (this.#mode === 'codes') {
      const codes = this.#codes.subarray(0, count)
      const [base] = codes
      if (codes.every((code) => code === base))
        return { layout: { ...common, encoding: 'code', length: 0, size: 0, base: base ?? 0 }, bytes: none }
      const bytes = pack(codes)
      return { layout: { ...common, encoding: 'codes', length: bytes.length, size: count }, bytes }
    }
    const text = this.#text.subarray(0, this.#textEnd)
    const packedHex = this.kind === 'string' ? packHex(text, count) : undefined
    if (packedHex !== undefined) {
      const { bytes, width } = packedHex
      return { layout: { ...common, encoding: 'hex', length: bytes.length, size: bytes.length, width }, bytes }
    }
    const bytes = pack(text)
    const layout = { ...common, encoding: 'text', length: bytes.length, size: text.length } as const
    return { layout: this.#hasEscapes ? { ...layout, hasEscapes: true } : layout, bytes }
  }

  /** Begins the next block. */
  clear(): void {
    this.#count = 0
    this.#textEnd = 0
    this.#hasEscapes = false
  }

  /** Gives its memory back; it cannot be used afterwards. */
  giveBack(): void {
    for (const each of [this.#rows, this.#codes, this.#integers, this.#text]) giveBack(each)
  }

  #addRows(rows: Uint16Array): void {
    const end = this.#count + rows.length
    if (end > this.#rows.length) this.#rows = grown(this.#rows, this.#count, end)
    this.#rows.set(rows, this.#count)
    this.#count = end
  }

  #addText(bytes: Uint8Array, start: number, end: number, row: number, hasEscapes: boolean): void {
    const isIndexed = !hasEscapes && !(this.kind === 'bare' && isNull(bytes, start, end))
    this.#append(bytes, start, end, isIndexed ? row : noRow)
    if (!hasEscapes) return
    this.#hasEscapes = true
    this.#loose.add(decodeText(bytes, start, end), row)
  }

  #append(bytes: Uint8Array, start: number, end: number, row: number): void {
    const length = end - start
    const needed = this.#textEnd + length + 1
    if (needed > this.#text.length) this.#text = grown(this.#text, this.#textEnd, needed)
    if (length < 48) for (let at = 0; at < length; at++) this.#text[this.#textEnd + at] = bytes[start + at]!
    else this.#text.set(bytes.subarray(start, end), this.#textEnd)
    this.#textEnd = needed
    this.#text[needed - 1] = newline
    if (this.#count === this.#rows.length) this.#rows = grown(this.#rows, this.#count, this.#count + 1)
    this.#rows[this.#count++] = row
  }

  #turnToText(): void {
    const wasIntegers = this.#mode === 'integers'
    const count = this.#count
    const hadEscapes = this.#hasEscapes
    this.#mode = 'text'
    this.#count = 0
    this.#hasEscapes = false
    for (let index = 0; index < count; index++) {
      const value = wasIntegers
        ? Buffer.from(String(this.#integers[index]))
        : this.dictionary.valueOf(this.#codes[index]!)
      this.#addText(value, 0, value.length, this.#rows[index]!, hadEscapes && value.includes(0x5c))
    }
    this.#integers = new Float64Array(0)
  }
}

/** The part of integers that belong to a column, or to all rows. */
export function integerPart(column: number, integers: Float64Array): EncodedPart {
  const { layout: integerLayout, bytes: plain, range } = encodeIntegers(integers)
  const bytes = plain.length === 0 ? none : pack(plain)
  const { base, first, width } = integerLayout
  const layout: PartLayout = {
    column,
    encoding: 'integers',
    count: integers.length,
    offset: 0,
    length: bytes.length,
    size: plain.length,
    base,
    width,
    range,
  }
  giveBack(plain)
  return { layout: first === undefined ? layout : { ...layout, first }, bytes }
}

/** `null` is no value. */
function isNull(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 4 && bytes[start] === 0x6e && bytes[start + 1] === 0x75
}

/** Whether a bare value is an integer that is written as JavaScript writes it. */
function isInteger(bytes: Uint8Array, start: number, end: number): boolean {
  const isNegative = bytes[start] === 0x2d
  const from = isNegative ? start + 1 : start
  if (end - from < 1 || end - from > mostDigits || (isNegative && bytes[from] === 0x30)) return false
  for (let at = from; at < end; at++) if (bytes[at]! < 0x30 || bytes[at]! > 0x39) return false
  return true
}

function integerOf(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === 0x2d
  let value = 0
  for (let at = isNegative ? start + 1 : start; at < end; at++) value = value * 10 + bytes[at]! - 0x30
  return isNegative ? -value : value
}

function isSame(integers: Float64Array, times: Float64Array): boolean {
  if (integers.length !== times.length) return false
  for (let index = 0; index < times.length; index++) if (integers[index] !== times[index]) return false
  return true
}

/** The value of each lower-case hexadecimal digit; 0x80 for other bytes. */
const digitValues = new Uint8Array(256).fill(0x80)
for (let value = 0; value < 16; value++) digitValues[value.toString(16).charCodeAt(0)] = value

/** Two digits a byte, behind a CRC-32; undefined where values are not hexadecimal digits, all of one length. */
function packHex(text: Uint8Array, count: number): { readonly bytes: Uint8Array; readonly width: number } | undefined {
  const width = (text.length / count - 1) / 2
  if (!Number.isInteger(width) || width < 4 || width > 255) return undefined
  const bytes = new Uint8Array(4 + width * count)
  let to = 4
  let from = 0
  for (let value = 0; value < count; value++) {
    let other = 0
    for (const end = to + width; to < end; from += 2) {
      const high = digitValues[text[from]!]!
      const low = digitValues[text[from + 1]!]!
      other |= high | low
      bytes[to++] = (high << 4) | low
    }
    if (other > 15 || text[from++] !== newline) return undefined
  }
  new DataView(bytes.buffer).setUint32(0, crc32(bytes.subarray(4)), true)
  return { bytes, width }
}
