import { rowsOf, type RowBits } from '../segment/bits.ts'
import { BlockReader } from '../segment/block-reader.ts'
import type { Searchable } from '../segment/searchable.ts'
import { utf8 } from '../line/decode-value.ts'

/** A line of the store. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly time: number
  /** The number that the store gave it when it came; ascending, and never given twice. */
  readonly sequence: number
  /** Byte for byte as it came. */
  readonly bytes: Uint8Array
  readonly text: string
}

/** Where in the order of time and sequence something stands. */
export interface LinePlace {
  readonly time: number
  readonly sequence: number
}

interface Hit extends LinePlace {
  readonly searchable: Searchable
  readonly block: number
  readonly row: number
}

/** Blocks that are kept while others are searched. */
const mostReaders = 4

/** Keeps the first lines of an order: the newest, or the oldest. */
export class LineCollector {
  readonly #most: number
  readonly #sign: 1 | -1
  readonly #after: LinePlace | undefined
  #hits: Hit[] = []
  /** The last blocks that had hits: what was read of them is not read again. */
  readonly #readers = new Map<string, BlockReader>()
  /** No hit behind this one is wanted any more. */
  #last: LinePlace | undefined

  constructor(most: number, order: 'newest' | 'oldest', after: LinePlace | undefined) {
    this.#most = most
    this.#sign = order === 'newest' ? -1 : 1
    this.#after = after
  }

  /** Whether a line from a span of time could still be wanted. */
  wants(minTime: number, maxTime: number): boolean {
    if (this.#most === 0) return false
    if (this.#last === undefined && this.#hits.length >= this.#most) this.#cut()
    const nearest = this.#sign < 0 ? maxTime : minTime
    const farthest = this.#sign < 0 ? minTime : maxTime
    if (this.#last !== undefined && (nearest - this.#last.time) * this.#sign > 0) return false
    return this.#after === undefined || (farthest - this.#after.time) * this.#sign >= 0
  }

  /** Adds the rows of a block. */
  async add(block: BlockReader, rows: RowBits): Promise<void> {
    const [times, sequences] = [await block.times(), await block.sequences()]
    this.#keep(block)
    for (const row of rowsOf(rows)) {
      const hit = {
        time: times[row]!,
        sequence: sequences[row]!,
        searchable: block.searchable,
        block: block.number,
        row,
      }
      if (this.#last !== undefined && this.#order(hit, this.#last) > 0) continue
      if (this.#after !== undefined && this.#order(hit, this.#after) <= 0) continue
      this.#hits.push(hit)
      if (this.#hits.length >= this.#most * 2 + 64) this.#cut()
    }
  }

  /** The lines, in their order. */
  async lines(): Promise<LogLine[]> {
    this.#cut()
    const byBlock = new Map<string, Hit[]>()
    for (const hit of this.#hits) {
      const key = `${hit.searchable.name}/${hit.block}`
      const known = byBlock.get(key)
      if (known === undefined) byBlock.set(key, [hit])
      else known.push(hit)
    }
    const lines = new Map<Hit, LogLine>()
    for (const [key, hits] of byBlock) {
      hits.sort((first, second) => first.row - second.row)
      const block = this.#readers.get(key) ?? new BlockReader(hits[0]!.searchable, hits[0]!.block)
      const found = await block.lines(hits.map(({ row }) => row))
      for (const [index, hit] of hits.entries()) lines.set(hit, lineOf(hit, found[index]!))
    }
    return this.#hits.map((hit) => lines.get(hit)!)
  }

  #keep(block: BlockReader): void {
    block.keep()
    this.#readers.set(`${block.searchable.name}/${block.number}`, block)
    for (const oldest of this.#readers.keys()) {
      if (this.#readers.size <= mostReaders) break
      this.#readers.delete(oldest)
    }
  }

  #cut(): void {
    this.#hits.sort((first, second) => this.#order(first, second))
    if (this.#hits.length < this.#most) return
    this.#hits = this.#hits.slice(0, this.#most)
    this.#last = this.#hits.at(-1)
  }

  #order(first: LinePlace, second: LinePlace): number {
    return (first.time - second.time || first.sequence - second.sequence) * this.#sign
  }
}

/** A line with its text, which is made when somebody asks. */
export function lineOf({ time, sequence }: LinePlace, bytes: Uint8Array): LogLine {
  return {
    time,
    sequence,
    bytes,
    get text() {
      return utf8(bytes, 0, bytes.length)
    },
  }
}
