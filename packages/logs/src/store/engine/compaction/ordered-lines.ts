import { BlockReader } from '../../segment/block-reader.ts'
import type { Searchable } from '../../segment/searchable.ts'
import type { StoredLine } from '../rewrite.ts'

/** How often each block is taken apart on average before memory is given instead. */
const mostReadings = 3

/** A block of one of the segments. */
interface Place {
  readonly segment: Searchable
  readonly number: number
  /** Of its first line among all. */
  readonly first: number
}

/**
 * Lines of several segments in the order of time, then of sequence. Times are sorted first, and lines are read as it is their
 * turn: those that came in order are in memory for a moment only.
 *
 * @param mostBytes of lines that are in memory together, as long as their order allows it
 */
export async function* orderedLines(
  segments: readonly Searchable[],
  mostBytes: number = 32 * 2 ** 20,
): AsyncGenerator<StoredLine> {
  const places: Place[] = []
  let count = 0
  for (const segment of segments)
    for (const [number, { rows }] of segment.blocks.entries()) {
      places.push({ segment, number, first: count })
      count += rows
    }
  const times = new Float64Array(count)
  const sequences = new Float64Array(count)
  const blocks = new Uint32Array(count)
  for (const [index, { segment, number, first }] of places.entries()) {
    const block = new BlockReader(segment, number)
    times.set(await block.times(), first)
    sequences.set(await block.sequences(), first)
    blocks.fill(index, first, first + block.layout.rows)
  }
  const order = new Uint32Array(count).map((_, index) => index)
  order.sort((first, second) => times[first]! - times[second]! || sequences[first]! - sequences[second]!)
  const cache = new LineCache(places, mostBytes)
  for (let at = 0; at < count; at++) {
    const line = order[at]!
    const block = blocks[line]!
    const lines = cache.get(block) ?? (await cache.read(block))
    yield { bytes: lines[line - places[block]!.first]!, time: times[line]!, sequence: sequences[line]! }
  }
}

/** Lines of the blocks that were asked for last. */
class LineCache {
  readonly #places: readonly Place[]
  readonly #mostBytes: number
  readonly #blocks = new Map<number, { readonly lines: readonly Uint8Array[]; readonly bytes: number }>()
  #last = -1
  #lastLines: readonly Uint8Array[] = []
  #bytes = 0
  #readings = 0

  constructor(places: readonly Place[], mostBytes: number) {
    this.#places = places
    this.#mostBytes = mostBytes
  }

  get(block: number): readonly Uint8Array[] | undefined {
    if (block === this.#last) return this.#lastLines
    const known = this.#blocks.get(block)
    if (known === undefined) return undefined
    this.#blocks.delete(block)
    this.#blocks.set(block, known)
    this.#last = block
    return (this.#lastLines = known.lines)
  }

  async read(block: number): Promise<readonly Uint8Array[]> {
    const { segment, number } = this.#places[block]!
    const reader = new BlockReader(segment, number)
    const lines = await reader.lines(Uint32Array.from({ length: reader.layout.rows }, (_, row) => row))
    const bytes = lines.reduce((sum, { length }) => sum + length, 0)
    this.#blocks.set(block, { lines, bytes })
    this.#bytes += bytes
    this.#last = block
    this.#lastLines = lines
    const isThrifty = ++this.#readings <= mostReadings * this.#places.length
    for (const [oldest, { bytes: freed }] of this.#blocks) {
      if (!isThrifty || this.#bytes <= this.#mostBytes || oldest === block) break
      this.#blocks.delete(oldest)
      this.#bytes -= freed
    }
    return lines
  }
}
