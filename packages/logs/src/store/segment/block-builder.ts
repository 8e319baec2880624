import { isUtf8 } from 'node:buffer'
import { timeOf } from '../../record/time.ts'
import { giveBack } from '../give-back.ts'
import { decodeText, utf8 } from '../line/decode-value.ts'
import { escapeLine } from '../line/escape-line.ts'
import { readLine } from '../line/read-line.ts'
import { holeKinds, ObjectScanner } from '../line/scan-object.ts'
import { blockTokens, type BlockTokens } from '../tokens/block-tokens.ts'
import { LooseText } from '../tokens/token-text.ts'
import { ColumnBuilder, integerPart, type ColumnMode, type EncodedPart } from './column-builder.ts'
import { lineKernel, mostBytes, mostLines, type LineKernel } from './line-kernel.ts'
import { rowParts, type BlockLayout, type ColumnKind } from './layout.ts'
import { SkeletonTable, type Skeleton } from './skeleton-table.ts'

/** Rows of a block: their numbers fit in two bytes, and a column of them in the cache of a processor. */
const rowsPerBlock = 8_192

/** Bytes of lines after which a block ends early. */
const bytesPerBlock = 8 * 2 ** 20

/** A block that was encoded: its parts have offsets of 0. */
export interface EncodedBlock {
  readonly layout: BlockLayout
  readonly parts: readonly EncodedPart[]
  readonly tokens: BlockTokens
}

/** How columns were kept in the segment before, by kind and path. */
export type ColumnModes = ReadonlyMap<string, ColumnMode>

/** Milliseconds since 1970 for a line that says no time; a function where it is dear to know. */
export type FallbackTime = number | (() => number)

const newline = 0x0a

/** Gets a line where it lies, with its time and sequence. */
export type OnAdded = (start: number, end: number, time: number, sequence: number) => void

/**
 * What is known of packed lines: the sequence of the first, which the others follow, and a time for those that say none; or
 * both of each, whatever it says.
 */
export type LineStamps =
  | { readonly sequence: number; readonly fallbackTime: number }
  | { readonly sequences: Float64Array; readonly times: Float64Array }

/** Takes lines apart into the columns of one block after another of a segment. */
export class BlockBuilder {
  readonly columns: ColumnBuilder[] = []
  readonly table: SkeletonTable
  readonly #loose = new LooseText()
  readonly #scanner = new ObjectScanner({ holes: 256, depth: 32 })
  readonly #byKey = new Map<string, ColumnBuilder>()
  readonly #modes: ColumnModes
  readonly #times = new Float64Array(rowsPerBlock)
  readonly #sequences = new Float64Array(rowsPerBlock)
  readonly #skeletons = new Float64Array(rowsPerBlock)
  /** Of the line before. */
  #last: Skeleton | undefined
  #rows = 0
  #bytes = 0

  constructor(modes: ColumnModes) {
    this.#modes = modes
    this.table = new SkeletonTable(
      (kind, path) => this.#columnOf(kind, path),
      () => this.columns.length,
    )
  }

  /** Lines so far. */
  get rows(): number {
    return this.#rows
  }

  /** Bytes of the lines so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whether the block should end here. */
  get isFull(): boolean {
    return this.#rows === rowsPerBlock || this.#bytes >= bytesPerBlock
  }

  /** How the columns are kept, for the next segment. */
  get modes(): ColumnModes {
    const modes = new Map<string, ColumnMode>()
    for (const [key, column] of this.#byKey) if (column.mode !== undefined) modes.set(key, column.mode)
    return modes
  }

  /**
   * Takes a line apart; it is not needed afterwards.
   *
   * @param time milliseconds since 1970, whatever the line says; undefined for what it says, else `fallbackTime`
   */
  add(
    bytes: Uint8Array,
    start: number,
    end: number,
    sequence: number,
    fallbackTime: FallbackTime,
    time?: number,
  ): number {
    const row = this.#rows
    const scanner = this.#scanner
    const expected = this.#last?.follower ?? this.#last
    const isExpected = expected !== undefined && scanner.scanAs(expected.form, bytes, start, end)
    const isObject =
      (isExpected || scanner.scan(bytes, start, end)) && (!scanner.hasWideBytes || isUtf8(bytes.subarray(start, end)))
    const skeleton = !isObject ? undefined : isExpected ? expected : this.table.find(scanner, bytes, start, end)
    let said: number | undefined
    if (skeleton === undefined) said = this.#addWhole(bytes, start, end, isObject || scanner.isTooComplex)
    else {
      said = time ?? this.#timeOf(skeleton, bytes)
      const { starts, ends, kinds } = scanner
      const { columns } = skeleton
      for (let hole = 0; hole < columns.length; hole++)
        columns[hole]!.add(bytes, starts[hole]!, ends[hole]!, row, kinds[hole]! > 0x7f)
      this.#skeletons[row] = skeleton.id
      if (this.#last !== undefined) this.#last.follower = skeleton
      this.#last = skeleton
    }
    const at = Math.floor(time ?? said ?? (typeof fallbackTime === 'number' ? fallbackTime : fallbackTime()))
    this.#times[row] = at
    this.#sequences[row] = sequence
    this.#rows = row + 1
    this.#bytes += end - start
    return at
  }

  /**
   * Takes some of the packed lines from `from` on apart, at least one; returns where the next begins. The same as {@link add}
   * for each.
   */
  addPacked(bytes: Buffer, from: number, stamps: LineStamps, onAdded?: OnAdded): number {
    const firstRow = this.#rows
    const end = endOfRun(bytes, from, Math.min(mostLines, rowsPerBlock - firstRow))
    const kernel = this.#bytes + end - from < bytesPerBlock ? lineKernel() : undefined
    if (kernel === undefined || end === from) return this.#addNext(bytes, from, 0, stamps, onAdded)
    kernel.show(this, bytes, from, end)
    let at = from
    while (at < end) {
      const next = from + kernel.read(at - from, this.#rows)
      this.#takeRead(kernel, at, this.#rows - firstRow, stamps, bytes, onAdded)
      at = next
      if (at === end || kernel.verify(at - from)) continue
      at = this.#addNext(bytes, at, this.#rows - firstRow, stamps, onAdded)
      if (this.#last !== undefined) kernel.learn(this.#last)
    }
    return end
  }

  /** The block so far. It can be added to afterwards. */
  encode(): EncodedBlock {
    const rows = this.#rows
    const times = this.#times.subarray(0, rows)
    const sequences = this.#sequences.subarray(0, rows)
    const parts = [
      integerPart(rowParts.times, times),
      integerPart(rowParts.sequences, sequences),
      integerPart(rowParts.skeletons, this.#skeletons.subarray(0, rows)),
    ]
    const texts = [this.#loose.text]
    for (const column of this.columns) {
      if (column.count === 0) continue
      const part = column.encode(times)
      parts.push(part)
      if (column.text === undefined) continue
      // Ids come last: there are many, each once, and words are looked for among fewer as long as they are not there.
      if (part.layout.encoding === 'hex') texts.push(column.text)
      else texts.unshift(column.text)
    }
    const [minTime, maxTime] = parts[0]!.layout.range!
    const [minSequence, maxSequence] = parts[1]!.layout.range!
    const layout = { rows, minTime, maxTime, minSequence, maxSequence, parts: parts.map((part) => part.layout) }
    return { layout, parts, tokens: blockTokens(texts, rows) }
  }

  /** Begins the next block. */
  clear(): void {
    for (const column of this.columns) column.clear()
    this.#loose.clear()
    this.#rows = 0
    this.#bytes = 0
  }

  /** Gives its memory back; it cannot be used afterwards. */
  giveBack(): void {
    for (const column of this.columns) column.giveBack()
    for (const each of [this.#times, this.#sequences, this.#skeletons]) giveBack(each)
  }

  /** Takes the packed line at `at` apart; it is the one of this index of those that stamps are of. */
  #addNext(bytes: Buffer, at: number, index: number, stamps: LineStamps, onAdded?: OnAdded): number {
    const end = at + 4 + bytes.readUInt32LE(at)
    const isKnown = 'times' in stamps
    const sequence = isKnown ? stamps.sequences[index]! : stamps.sequence + index
    const fallbackTime = isKnown ? 0 : stamps.fallbackTime
    const time = this.add(bytes, at + 4, end, sequence, fallbackTime, isKnown ? stamps.times[index] : undefined)
    onAdded?.(at + 4, end, time, sequence)
    return end
  }

  /** Takes what was read of packed lines from `at` on. */
  #takeRead(
    kernel: LineKernel,
    from: number,
    index: number,
    stamps: LineStamps,
    bytes: Uint8Array,
    onAdded?: OnAdded,
  ): void {
    const { count } = kernel
    const row = this.#rows
    let at = from
    for (let line = 0; line < count; line++) {
      const skeleton = kernel.skeletonOf(line)
      const start = at + 4
      at = start + kernel.lengthOf(line)
      const isKnown = 'times' in stamps
      const time = Math.floor(
        isKnown
          ? stamps.times[index + line]!
          : (this.#timeRead(kernel, line, skeleton, bytes, start, at) ?? stamps.fallbackTime),
      )
      const sequence = isKnown ? stamps.sequences[index + line]! : stamps.sequence + index + line
      this.#times[row + line] = time
      this.#sequences[row + line] = sequence
      this.#skeletons[row + line] = skeleton.id
      onAdded?.(start, at, time, sequence)
    }
    this.#rows += count
    this.#bytes += at - from - 4 * count
    kernel.takeValues()
  }

  #timeRead(
    kernel: LineKernel,
    line: number,
    skeleton: Skeleton,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): number | undefined {
    const [hole] = skeleton.timeHoles
    if (hole === undefined) return undefined
    if (skeleton.columns[hole]!.kind === 'bare') {
      const integer = kernel.integerOf(line)
      const time = integer < 0 ? undefined : timeOf(integer)
      if (time !== undefined) return time
    }
    this.#scanner.scanAs(skeleton.form, bytes, start, end)
    return this.#timeOf(skeleton, bytes)
  }

  /** Text as the column `msg`; what fits in no column as it is, with the tokens of its values. Returns the time it says. */
  #addWhole(bytes: Uint8Array, start: number, end: number, isComplex: boolean): number | undefined {
    const row = this.#rows
    const line = bytes.subarray(start, end)
    const isText = !isComplex && !line.includes(newline) && isUtf8(line)
    const skeleton = this.table.whole(isText ? 'text' : 'raw')
    this.#skeletons[row] = skeleton.id
    const column = skeleton.columns[0]!
    if (isText) {
      column.add(line, 0, line.length, row, false)
      return undefined
    }
    column.addOpaque(escapeLine(line))
    const values = readLine(line)
    for (const { value } of values) this.#loose.add(value, row)
    return timeOfValues(values)
  }

  #timeOf({ timeHoles }: Skeleton, bytes: Uint8Array): number | undefined {
    const { starts, ends, kinds } = this.#scanner
    for (const hole of timeHoles) {
      const [start, end] = [starts[hole]!, ends[hole]!]
      const isText = (kinds[hole]! & 0x7f) === holeKinds.string
      const time = isText
        ? timeOf(decodeText(bytes, start, end))
        : kinds[hole] === holeKinds.number
          ? timeOf(numberOf(bytes, start, end))
          : undefined
      if (time !== undefined) return time
    }
    return undefined
  }

  #columnOf(kind: ColumnKind, path: string): ColumnBuilder {
    const key = `${kind}:${path}`
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const column = new ColumnBuilder(this.columns.length, kind, path, this.#modes.get(key), this.#loose)
    this.columns.push(column)
    this.#byKey.set(key, column)
    return column
  }
}

function timeOfValues(values: ReturnType<typeof readLine>): number | undefined {
  for (const field of ['time', 'timestamp', '@timestamp', 'ts']) {
    const found = values.find(({ path }) => path === field)
    const time = found === undefined ? undefined : timeOf(found.isText ? found.value : Number(found.value))
    if (time !== undefined) return time
  }
  return undefined
}

/** As `readUInt32LE`, which looks at more. */
function lengthAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) + bytes[at + 3]! * 2 ** 24
}

/** Where the last of so many packed lines ends that the kernel takes together; `from` where it takes not even one. */
function endOfRun(bytes: Buffer, from: number, most: number): number {
  let end = from
  for (let count = 0; count < most && end < bytes.length; count++) {
    const next = end + 4 + lengthAt(bytes, end)
    if (next - from > mostBytes) break
    end = next
  }
  return end
}

/** Thirteen digits are what nearly every line has. */
function numberOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - 0x30
    if (digit < 0 || digit > 9 || end - start > 15) return Number(utf8(bytes, start, end))
    value = value * 10 + digit
  }
  return value
}
