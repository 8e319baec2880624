import { crc32 } from 'node:zlib'
import { giveBack } from '../give-back.ts'
import { buildDictionary } from '../tokens/token-dictionary.ts'
import { buildFilter, filterLineBytes } from '../tokens/token-filter.ts'
import {
  BlockBuilder,
  type ColumnModes,
  type EncodedBlock,
  type FallbackTime,
  type LineStamps,
  type OnAdded,
} from './block-builder.ts'
import { BlockMemory } from './block-memory.ts'
import type { EncodedPart } from './column-builder.ts'
import type { BlockLayout, FormLayout, SegmentLayout, SegmentOrigin } from './layout.ts'
import { pack } from './pack.ts'

/** Rows of a segment: 32 blocks. Their dictionary fits in a few pages, their filter is answered by one short read. */
export const rowsPerSegment = 262_144

/** At the beginning and the end of every segment. */
export const segmentMagic: Uint8Array = Buffer.from('EXPRSNLS')

export const segmentVersion = 2

/** Offset u48 and length u32 of the packed layout, its size u32 and CRC-32 u32, version u16, magic. */
export const trailerBytes = 28

/** Bytes of a part that is written by itself: it is dearer to copy it. */
const largePart = 32 * 1_024

/** What is known of a segment without reading it. */
export interface SegmentSummary {
  readonly rows: number
  readonly minTime: number
  readonly maxTime: number
  readonly minSequence: number
  readonly maxSequence: number
}

/** Lines that become a segment. Blocks that are full are kept encoded, a fifth of the size of their lines. */
export class SegmentBuilder {
  readonly #blocks: EncodedBlock[] = []
  readonly #modes: ColumnModes
  readonly #memory: BlockMemory
  /** Made with the first line: its tables take most of a megabyte. */
  #builder: BlockBuilder | undefined
  #rows = 0
  #bytes = 0
  /** What was written down beside the blocks that were full: the last, and what stands behind it. */
  #last: EncodedBlock | undefined
  readonly #pieces: Uint8Array[] = []

  constructor(modes: ColumnModes = new Map(), memory: BlockMemory = new BlockMemory()) {
    this.#modes = modes
    this.#memory = memory
  }

  /** Lines so far. */
  get rows(): number {
    return this.#rows
  }

  /** Bytes of the lines so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whether it should become a segment now. */
  get isFull(): boolean {
    return this.isFullWith(0, 0)
  }

  /** Whether it would be with so many lines, of so many bytes, more. */
  isFullWith(rows: number, bytes: number): boolean {
    return this.#rows + rows >= rowsPerSegment || this.#bytes + bytes >= 2 ** 28
  }

  /** How columns were kept, for the next segment. */
  get modes(): ColumnModes {
    return this.#builder?.modes ?? this.#modes
  }

  /** Adds a line and returns its time: what it says, else `fallbackTime`; or `time`, where it is known. */
  add(
    bytes: Uint8Array,
    start: number,
    end: number,
    sequence: number,
    fallbackTime: FallbackTime,
    time?: number,
  ): number {
    const builder = (this.#builder ??= new BlockBuilder(this.#modes))
    if (builder.isFull) this.#endBlock(builder)
    this.#rows++
    this.#bytes += end - start
    return builder.add(bytes, start, end, sequence, fallbackTime, time)
  }

  /** Adds some of the packed lines from `at` on, at least one; returns where the next begins. See {@link add}. */
  addPacked(bytes: Buffer, at: number, stamps: LineStamps, onAdded?: OnAdded): number {
    const builder = (this.#builder ??= new BlockBuilder(this.#modes))
    if (builder.isFull) this.#endBlock(builder)
    const { rows: rowsBefore, bytes: bytesBefore } = builder
    const next = builder.addPacked(bytes, at, stamps, onAdded)
    this.#rows += builder.rows - rowsBefore
    this.#bytes += builder.bytes - bytesBefore
    return next
  }

  /** Everything so far, the block that is being filled included. Lines that come later do not change it. */
  snapshot(): Pick<SegmentLayout, 'columns' | 'skeletons'> & { readonly blocks: readonly EncodedBlock[] } {
    const builder = this.#builder
    if (builder === undefined) return { blocks: [], columns: [], skeletons: [] }
    return {
      blocks: builder.rows === 0 ? [...this.#blocks] : [...this.#blocks, builder.encode()],
      columns: builder.columns.map(({ kind, path, dictionary }) => ({ kind, path, values: dictionary.toTexts() })),
      skeletons: builder.table.skeletons.map(({ layout }) => layout),
    }
  }

  /** The file, in pieces, and nothing where others may have their turn before the next; nothing can be added afterwards. */
  *finish(
    origin?: SegmentOrigin,
    forms: readonly (readonly FormLayout[] | undefined)[] = [],
  ): Generator<Uint8Array | undefined, SegmentSummary> {
    const { blocks: encoded, columns, skeletons } = this.snapshot()
    this.#last = encoded.at(-1)
    let offset = segmentMagic.length
    yield segmentMagic
    const blocks: BlockLayout[] = []
    for (const [number, { layout, parts }] of encoded.entries()) {
      const placed = []
      for (const part of parts) {
        placed.push({ ...part.layout, offset })
        offset += part.bytes.length
      }
      yield* joined(parts)
      const blockForms = forms[number]
      if (blockForms === undefined) blocks.push({ ...layout, parts: placed })
      else {
        const plain = Buffer.from(JSON.stringify(blockForms.map((each) => [each.signature, each.count, each.sample])))
        const packed = pack(plain)
        yield packed
        const place = { offset, length: packed.length, size: plain.length }
        blocks.push({ ...layout, parts: placed, forms: place })
        offset += packed.length
      }
    }
    const tokens = encoded.map((block) => block.tokens)
    const { bytes: filterBytes, lines } = yield* buildFilter(tokens.map(({ singles }) => singles))
    const filter = { offset, lines }
    const checked = withChecks(filterBytes, encoded.length * filterLineBytes)
    giveBack(filterBytes)
    this.#pieces.push(checked)
    yield checked
    offset += checked.length
    const pages = []
    for (const page of buildDictionary(tokens)) {
      if (page === undefined) {
        yield
        continue
      }
      const { firstToken, bytes } = page
      const packed = pack(bytes)
      this.#pieces.push(packed)
      pages.push({ firstToken, offset, length: packed.length, size: bytes.length })
      giveBack(bytes)
      yield packed
      offset += packed.length
    }
    const layout: SegmentLayout = { version: segmentVersion, origin, columns, skeletons, blocks, filter, pages }
    const plain = Buffer.from(JSON.stringify(layout))
    const packed = pack(plain)
    yield packed
    yield trailer(offset, packed, plain.length)
    return summaryOf(blocks)
  }

  /**
   * What the next segment is made with, where nobody looks at a snapshot of this one any more: memory of a full one is used again,
   * as that of another may not be needed for long. Nothing can be done with this one afterwards.
   */
  next(): SegmentBuilder {
    const { isFull } = this
    const next = new SegmentBuilder(this.modes, isFull ? this.#memory : undefined)
    if (isFull) this.#memory.clear()
    else this.#memory.giveBack()
    this.#giveBack()
    return next
  }

  /** Gives back all memory, where nobody looks at a snapshot any more. Nothing can be done afterwards. */
  giveBack(): void {
    this.#memory.giveBack()
    this.#giveBack()
  }

  /** Gives back memory that is not that of the blocks before the last. */
  #giveBack(): void {
    this.#builder?.giveBack()
    for (const piece of this.#pieces) giveBack(piece)
    if (this.#last === undefined) return
    const { parts, tokens } = this.#last
    const { names, counts, postings, offsets, singles } = tokens
    for (const each of [...parts.map(({ bytes }) => bytes), names, counts, postings, offsets, singles]) giveBack(each)
  }

  #endBlock(builder: BlockBuilder): void {
    this.#blocks.push(this.#memory.keep(builder.encode()))
    builder.clear()
  }
}

/** The bounds of blocks together. */
export function summaryOf(blocks: readonly BlockLayout[]): SegmentSummary {
  let [rows, minTime, maxTime, minSequence, maxSequence] = [0, Infinity, -Infinity, Infinity, -Infinity]
  for (const block of blocks) {
    rows += block.rows
    minTime = Math.min(minTime, block.minTime)
    maxTime = Math.max(maxTime, block.maxTime)
    minSequence = Math.min(minSequence, block.minSequence)
    maxSequence = Math.max(maxSequence, block.maxSequence)
  }
  return { rows, minTime, maxTime, minSequence, maxSequence }
}

/** The bytes of parts; small ones that follow each other as one piece. */
function* joined(parts: readonly EncodedPart[]): Generator<Uint8Array> {
  let small: Uint8Array[] = []
  for (const { bytes } of parts) {
    if (bytes.length < largePart) {
      if (bytes.length > 0) small.push(bytes)
      continue
    }
    if (small.length > 0) yield Buffer.concat(small)
    small = []
    yield bytes
  }
  if (small.length > 0) yield Buffer.concat(small)
}

/** Puts the CRC-32 of each group of lines behind it. */
function withChecks(bytes: Uint8Array, group: number): Uint8Array {
  if (bytes.length === 0) return bytes
  const count = bytes.length / group
  const checked = new Uint8Array(bytes.length + count * 4)
  const view = new DataView(checked.buffer)
  for (let index = 0; index < count; index++) {
    const lines = bytes.subarray(index * group, (index + 1) * group)
    checked.set(lines, index * (group + 4))
    view.setUint32(index * (group + 4) + group, crc32(lines), true)
  }
  return checked
}

function trailer(offset: number, packed: Uint8Array, size: number): Uint8Array {
  const bytes = Buffer.alloc(trailerBytes)
  bytes.writeUIntLE(offset, 0, 6)
  bytes.writeUInt32LE(packed.length, 6)
  bytes.writeUInt32LE(size, 10)
  bytes.writeUInt16LE(segmentVersion, 18)
  bytes.set(segmentMagic, 20)
  bytes.writeUInt32LE(crc32(packed, crc32(bytes.subarray(0, 14))), 14)
  return bytes
}
