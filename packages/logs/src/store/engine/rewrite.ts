import { BlockReader } from '../segment/block-reader.ts'
import { hasRow, type RowBits } from '../segment/bits.ts'
import type { Searchable } from '../segment/searchable.ts'
import { SegmentBuilder } from '../segment/segment-builder.ts'
import { StoredRun } from './stored-run.ts'

/** A line with what a segment knows of it. */
export interface StoredLine {
  readonly bytes: Uint8Array
  readonly time: number
  readonly sequence: number
}

const day = 86_400_000

/** All lines of a segment in the order they stand there, less those of `without`. */
export async function* linesOf(
  searchable: Searchable,
  without?: ReadonlyMap<number, RowBits>,
): AsyncGenerator<StoredLine> {
  for (const number of searchable.blocks.keys()) yield* await linesOfBlock(searchable, number, without?.get(number))
}

/** What can be read of a segment, block by block. */
export async function* readableLinesOf(searchable: Searchable): AsyncGenerator<StoredLine> {
  for (const number of searchable.blocks.keys()) yield* await linesOfBlock(searchable, number).catch(() => [])
}

async function linesOfBlock(searchable: Searchable, number: number, gone?: RowBits): Promise<StoredLine[]> {
  const block = new BlockReader(searchable, number)
  const all = Array.from({ length: block.layout.rows }, (_, row) => row)
  const rows = gone === undefined ? all : all.filter((row) => !hasRow(gone, row))
  const [times, sequences, lines] = [await block.times(), await block.sequences(), await block.lines(rows)]
  return rows.map((row, index) => ({ bytes: lines[index]!, time: times[row]!, sequence: sequences[row]! }))
}

/** A segment that stands, with others, for some that were there before. */
export interface MadeSegment {
  readonly builder: SegmentBuilder
  readonly replaces: readonly string[]
  /** Whether it is the last of those. */
  readonly isLast: boolean
}

/** Lines as segments: a new one begins when one is full, and with every day (UTC) as long as there are no more of these. */
export async function* intoSegments(
  lines: AsyncIterable<StoredLine> | Iterable<StoredLine>,
  { mostDays, replaces }: { readonly mostDays: number; readonly replaces: readonly string[] },
): AsyncGenerator<MadeSegment> {
  let builder = new SegmentBuilder()
  let today: number | undefined
  let days = 1
  const run = new StoredRun()
  for await (const line of lines) {
    const date = Math.floor(line.time / day)
    const isAnotherDay = today !== undefined && date !== today && days < mostDays
    if (isAnotherDay) days++
    if (isAnotherDay || run.isFull || builder.isFullWith(run.count, run.bytes)) run.moveTo(builder)
    if (builder.isFull || isAnotherDay) {
      yield { builder, replaces, isLast: false }
      builder = new SegmentBuilder(builder.modes)
    }
    today = date
    run.add(line)
  }
  run.moveTo(builder)
  if (builder.rows > 0) yield { builder, replaces, isLast: true }
}
