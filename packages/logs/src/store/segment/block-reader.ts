import { crc32 } from 'node:zlib'
import { storeErrors } from '../errors.ts'
import { giveBack } from '../give-back.ts'
import { addRow, noRows, type RowBits } from './bits.ts'
import { unescapeLine } from '../line/escape-line.ts'
import { decodeIntegers } from './integers.ts'
import { rowParts, type BlockLayout, type ColumnLayout, type PartLayout, type SkeletonLayout } from './layout.ts'
import { unpack } from './pack.ts'
import type { Searchable } from './searchable.ts'
import { textKernel } from './text-kernel.ts'

/** Values of a column in a block. */
export type ColumnValues =
  | { readonly type: 'codes'; readonly codes: Uint8Array }
  | { readonly type: 'integers'; readonly integers: Float64Array }
  | { readonly type: 'text'; readonly text: Buffer; readonly offsets: Uint32Array; readonly hasEscapes: boolean }

/** A column of a block, with the rows its values belong to. */
export interface BlockColumn {
  readonly part: PartLayout
  readonly layout: ColumnLayout
  readonly values: ColumnValues
  /** The row of each value; undefined where value and row are the same number. */
  readonly rows: Uint16Array | undefined
}

const none = new Uint8Array(0)
const hexDigits = Buffer.from('0123456789abcdef')

/** Reads what a query asks of a block, each part once. */
export class BlockReader {
  readonly searchable: Searchable
  readonly number: number
  readonly layout: BlockLayout
  readonly #values = new Map<number, ColumnValues>()
  readonly #rows = new Map<number, Uint16Array | undefined>()
  #skeletons: Float64Array | undefined
  #wasRead = false
  #isKept = false

  constructor(searchable: Searchable, number: number) {
    this.searchable = searchable
    this.number = number
    this.layout = searchable.blocks[number]!
  }

  /** Whether anything was read of the block. */
  get wasRead(): boolean {
    return this.#wasRead
  }

  /** Milliseconds since 1970. */
  times(): Promise<Float64Array> {
    return this.#rowIntegers(rowParts.times)
  }

  /** Whether no line has an earlier time than the one before it, as far as the layout tells. */
  get isInOrder(): boolean {
    const { first, base = 0 } = this.#rowPart(rowParts.times)
    return this.layout.minTime === this.layout.maxTime || (first !== undefined && base >= 0)
  }

  /** In a block that is in order, the first row that is not before a time; the number of rows where all are. */
  async rowAt(time: number): Promise<number> {
    const { rows, minTime, maxTime } = this.layout
    if (time <= minTime) return 0
    if (time > maxTime) return rows
    const { first, base = 0, width } = this.#rowPart(rowParts.times)
    // Steps that are all the same take no bytes.
    if (width === 0) return Math.ceil((time - first!) / base)
    const times = await this.times()
    let [low, high] = [0, rows]
    while (low < high) {
      const middle = (low + high) >> 1
      if (times[middle]! < time) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The number that the store gave each line when it came. */
  sequences(): Promise<Float64Array> {
    return this.#rowIntegers(rowParts.sequences)
  }

  /** The form of each line. */
  async skeletons(): Promise<Float64Array> {
    return (this.#skeletons ??= await this.#rowIntegers(rowParts.skeletons))
  }

  /** A column that has a part in this block. */
  async column(part: PartLayout): Promise<BlockColumn> {
    const layout = this.searchable.columns[part.column]!
    const values = await this.#valuesOf(part)
    if (!this.#rows.has(part.column)) this.#rows.set(part.column, await this.#rowsOf(part))
    return { part, layout, values, rows: this.#rows.get(part.column) }
  }

  /** Rows in which a column of hexadecimal digits has a value, found without taking the column apart. */
  async rowsOfHex(part: PartLayout, value: Uint8Array): Promise<RowBits> {
    const packed = await this.#read(part)
    const digits = this.#guarded(part, () => hexBytes(packed, part.width!, part.count))
    const found = noRows(this.layout.rows)
    const rows = await this.#rowsOf(part)
    for (let at = digits.indexOf(value); at >= 0; at = digits.indexOf(value, at + 1)) {
      if (at % value.length !== 0) continue
      const index = at / value.length
      addRow(found, rows === undefined ? index : rows[index]!)
    }
    return found
  }

  /** The lines of some rows in ascending order, byte for byte as they came. */
  async lines(rows: ArrayLike<number>): Promise<Buffer[]> {
    const { skeletons: forms, columns } = this.searchable
    const skeletons = await this.skeletons()
    const parts = this.layout.parts.filter(({ column }) => column >= 0)
    const texts = new Map<number, (index: number) => Uint8Array>()
    for (const part of parts) texts.set(part.column, bytesReader(await this.#valuesOf(part), columns[part.column]!))
    const pieces = forms.map((form) => form.pieces.map((piece) => Buffer.from(piece)))
    /** The next value of each column. */
    const next = new Uint32Array(columns.length)
    const lines: Buffer[] = []
    for (let row = 0, wanted = 0; wanted < rows.length; row++) {
      const id = skeletons[row]!
      const form = forms[id]!.columns
      if (row !== rows[wanted]) {
        for (let hole = 0; hole < form.length; hole++) next[form[hole]!]!++
        continue
      }
      wanted++
      const bytes: Uint8Array[] = []
      for (let hole = 0; hole < form.length; hole++) {
        const column = form[hole]!
        bytes.push(pieces[id]![hole]!, texts.get(column)!(next[column]!++))
      }
      bytes.push(pieces[id]![form.length]!)
      lines.push(Buffer.concat(bytes))
    }
    return lines
  }

  /** What was read stays, whoever calls {@link release}. */
  keep(): void {
    this.#isKept = true
  }

  /** Gives back at once what would pile up until it is collected; what is asked for afterwards is read again. */
  release(): void {
    if (this.#isKept) return
    for (const values of this.#values.values()) {
      if (values.type === 'integers') giveBack(values.integers)
      else if (values.type === 'text') {
        giveBack(values.text)
        giveBack(values.offsets)
      }
    }
    this.#skeletons = undefined
    this.#values.clear()
  }

  async #rowIntegers(column: number): Promise<Float64Array> {
    return ((await this.#valuesOf(this.#rowPart(column))) as Extract<ColumnValues, { type: 'integers' }>).integers
  }

  #rowPart(column: number): PartLayout {
    return this.layout.parts.find((each) => each.column === column)!
  }

  async #valuesOf(part: PartLayout): Promise<ColumnValues> {
    let values = this.#values.get(part.column)
    if (values === undefined) {
      if (part.encoding === 'times') values = { type: 'integers', integers: await this.times() }
      else {
        const read = this.#read(part)
        const packed = read instanceof Uint8Array ? read : await read
        values = this.#guarded(part, () => decodePart(part, packed))
        if (this.searchable.givesParts === true) giveBack(packed)
      }
      this.#values.set(part.column, values)
    }
    return values
  }

  #read(part: PartLayout): Uint8Array | Promise<Uint8Array> {
    this.#wasRead = true
    return part.length === 0 ? none : this.searchable.readPart(this.number, part)
  }

  #guarded<Result>(part: PartLayout, decode: () => Result): Result {
    try {
      return decode()
    } catch (cause) {
      const [name, reason] = [`block ${this.number}, column ${part.column}`, (cause as Error).message]
      throw storeErrors.LOGS_STORE_SEGMENT_DAMAGED({ segment: this.searchable.name, part: name, reason }, { cause })
    }
  }

  /** A form of line may have a value of a column never, once or several times. */
  async #rowsOf({ column, count }: PartLayout): Promise<Uint16Array | undefined> {
    const times = timesIn(this.searchable.skeletons, column)
    if (count === this.layout.rows && times.every((each) => each === 1)) return undefined
    const skeletons = await this.skeletons()
    if (count === skeletons.length) {
      let isOnceEach = true
      for (let row = 0; row < skeletons.length && isOnceEach; row++) isOnceEach = times[skeletons[row]!] === 1
      if (isOnceEach) return undefined
    }
    const rows = new Uint16Array(count)
    let value = 0
    for (let row = 0; row < skeletons.length; row++)
      for (let time = times[skeletons[row]!]!; time > 0; time--) rows[value++] = row
    return rows
  }
}

const timesByForms = new WeakMap<readonly SkeletonLayout[], Map<number, Uint16Array>>()

/** How often each form of a segment has a value of a column; worked out once for all its blocks. */
function timesIn(forms: readonly SkeletonLayout[], column: number): Uint16Array {
  const known = timesByForms.get(forms) ?? new Map<number, Uint16Array>()
  timesByForms.set(forms, known)
  let times = known.get(column)
  if (times === undefined) {
    times = Uint16Array.from(forms, ({ columns }) => columns.filter((each) => each === column).length)
    known.set(column, times)
  }
  return times
}

function decodePart(part: PartLayout, packed: Uint8Array): ColumnValues {
  const { encoding, count, size, base = 0, first, width = 0, hasEscapes = false } = part
  if (encoding === 'code') return { type: 'codes', codes: new Uint8Array(count).fill(base) }
  if (encoding === 'codes') return { type: 'codes', codes: unpack(packed, size) }
  if (encoding === 'integers') {
    const bytes = size === 0 ? none : unpack(packed, size)
    return { type: 'integers', integers: decodeIntegers({ base, first, width: width as 0 }, bytes, count) }
  }
  const text = toBuffer(encoding === 'hex' ? unpackHex(packed, width, count) : unpack(packed, size))
  const offsets = encoding === 'hex' ? evenOffsets(count, width * 2 + 1) : valueOffsets(text, count)
  return { type: 'text', text, offsets, hasEscapes }
}

/** Two digits a byte, checked. */
function hexBytes(packed: Uint8Array, width: number, count: number): Buffer {
  const bytes = toBuffer(packed)
  const digits = bytes.subarray(4)
  if (digits.length !== width * count || crc32(digits) !== bytes.readUInt32LE(0))
    throw new RangeError('its checksum is wrong')
  return digits
}

function unpackHex(packed: Uint8Array, width: number, count: number): Uint8Array {
  const digits = hexBytes(packed, width, count)
  const text = Buffer.allocUnsafe(count * (width * 2 + 1))
  for (let value = 0, to = 0; value < count; value++) {
    for (let at = value * width; at < (value + 1) * width; at++) {
      const byte = digits[at]!
      text[to++] = hexDigits[byte >> 4]!
      text[to++] = hexDigits[byte & 15]!
    }
    text[to++] = 0x0a
  }
  return text
}

function evenOffsets(count: number, step: number): Uint32Array {
  const offsets = new Uint32Array(count + 1)
  for (let value = 1; value <= count; value++) offsets[value] = value * step
  return offsets
}

/** Where each value begins, and where one more would. */
function valueOffsets(text: Buffer, count: number): Uint32Array {
  return textKernel()?.offsets(text, count) ?? plainOffsets(text, count)
}

/** {@link valueOffsets} without WebAssembly. */
export function plainOffsets(text: Buffer, count: number): Uint32Array {
  const offsets = new Uint32Array(count + 1)
  let at = 0
  for (let value = 0; value < count; value++) {
    at = text.indexOf(0x0a, at) + 1
    if (at === 0) throw new RangeError(`it holds ${value} values instead of ${count}`)
    offsets[value + 1] = at
  }
  return offsets
}

/** Reads values as they stand in their lines. */
function bytesReader(values: ColumnValues, { kind, values: dictionary }: ColumnLayout): (index: number) => Uint8Array {
  if (values.type === 'codes') {
    const bytes = dictionary.map((value) => Buffer.from(value))
    return (index) => bytes[values.codes[index]!]!
  }
  if (values.type === 'integers') return (index) => Buffer.from(String(values.integers[index]))
  const { text, offsets } = values
  const read = (index: number): Uint8Array => text.subarray(offsets[index], offsets[index + 1]! - 1)
  return kind === 'raw' ? (index) => unescapeLine(read(index)) : read
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
