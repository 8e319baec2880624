import { crc32 } from 'node:zlib'
import { ExprsnError } from '@exprsn/core'
import { storeErrors } from '../errors.ts'
import { findInPage } from '../tokens/find-in-page.ts'
import type { PageCache } from '../tokens/page-cache.ts'
import { readPage, type TokenPosting } from '../tokens/token-dictionary.ts'
import { filterBits, filterLine, filterLineBytes, isInFilter } from '../tokens/token-filter.ts'
import { tokenHash } from '../tokens/token-hash.ts'
import type { FormLayout, PartLayout, SegmentLayout } from './layout.ts'
import { unpack } from './pack.ts'
import type { Searchable, TokenPlaces } from './searchable.ts'
import { segmentMagic, segmentVersion, trailerBytes } from './segment-builder.ts'
import type { SegmentSource } from './segment-source.ts'

/** The last bytes of a segment that are read at once: in most the whole layout is there. */
const firstRead = 64 * 1_024

/** Larger layouts are none: it keeps a damaged one from asking for all memory. */
const largestLayout = 2 ** 28

/**
 * Reads what a segment says about itself; everything else is read when a query needs it. Pages of its dictionary are kept in
 * a cache, where there is one.
 *
 * @throws `LOGS_STORE_SEGMENT_DAMAGED`, `LOGS_STORE_SEGMENT_VERSION`, and the source's errors
 */
export async function openSegment(source: SegmentSource, cache?: PageCache): Promise<OpenedSegment> {
  const { segment, version } = await readSegment(source, cache)
  if (version === segment.layout.version) return segment
  throw damaged(source, 'trailer', `it names version ${version} where the layout is of ${segment.layout.version}`)
}

/**
 * As {@link openSegment}, and opens a segment as well of which nothing but the version in its trailer is wrong.
 *
 * @throws as {@link openSegment}
 */
export async function salvageSegment(source: SegmentSource): Promise<OpenedSegment> {
  return (await readSegment(source)).segment
}

/** The segment by its layout, and the version that its trailer names, which no checksum covers: one flipped bit makes a 3 of a 2. */
async function readSegment(
  source: SegmentSource,
  cache?: PageCache,
): Promise<{ readonly segment: OpenedSegment; readonly version: number }> {
  const length = Math.min(source.size, firstRead)
  const tail = await source.read(source.size - length, length)
  const version = readVersion(source, tail)
  try {
    const layout = await readLayout(source, tail)
    if (isKnown(layout.version)) return { segment: new OpenedSegment(source, layout, cache), version }
  } catch (error) {
    // A later format may have another layout.
    if (isKnown(version) || !isDamage(error)) throw error
  }
  throw storeErrors.LOGS_STORE_SEGMENT_VERSION({ segment: source.name, version })
}

function isDamage(error: unknown): boolean {
  return ExprsnError.is(error) && error.code === 'LOGS_STORE_SEGMENT_DAMAGED'
}

function isKnown(version: number): boolean {
  return version >= 1 && version <= segmentVersion
}

function readVersion(source: SegmentSource, tail: Uint8Array): number {
  const bytes = trailerOf(tail)
  if (bytes.length < trailerBytes || !bytes.subarray(20).equals(segmentMagic))
    throw damaged(source, 'trailer', 'it does not end as a segment')
  return bytes.readUInt16LE(18)
}

async function readLayout(source: SegmentSource, tail: Uint8Array): Promise<SegmentLayout> {
  const { offset, packedLength, size, check } = readTrailer(source, tail)
  const inTail = offset - (source.size - tail.length)
  const packed = inTail >= 0 ? tail.subarray(inTail, inTail + packedLength) : await source.read(offset, packedLength)
  if (crc32(packed, crc32(trailerOf(tail).subarray(0, 14))) !== check)
    throw damaged(source, 'layout', 'its checksum is wrong')
  return guarded(source, 'layout', () => JSON.parse(Buffer.from(unpack(packed, size)).toString()) as SegmentLayout)
}

function readTrailer(source: SegmentSource, tail: Uint8Array) {
  const bytes = trailerOf(tail)
  const [offset, packedLength, size] = [bytes.readUIntLE(0, 6), bytes.readUInt32LE(6), bytes.readUInt32LE(10)]
  if (offset + packedLength + trailerBytes !== source.size || size > largestLayout)
    throw damaged(source, 'trailer', 'it names a layout that cannot be there')
  return { offset, packedLength, size, check: bytes.readUInt32LE(14) }
}

function trailerOf(tail: Uint8Array): Buffer {
  return Buffer.from(tail.buffer, tail.byteOffset, tail.length).subarray(-trailerBytes)
}

type PageLayout = SegmentLayout['pages'][number]

/** A segment whose layout was read. */
export class OpenedSegment implements Searchable {
  readonly source: SegmentSource
  readonly layout: SegmentLayout
  readonly #cache: PageCache | undefined

  constructor(source: SegmentSource, layout: SegmentLayout, cache?: PageCache) {
    this.source = source
    this.layout = layout
    this.#cache = cache
  }

  get name(): string {
    return this.source.name
  }

  get givesParts(): boolean | undefined {
    return this.source.givesBytes
  }

  get columns(): SegmentLayout['columns'] {
    return this.layout.columns
  }

  get skeletons(): SegmentLayout['skeletons'] {
    return this.layout.skeletons
  }

  get blocks(): SegmentLayout['blocks'] {
    return this.layout.blocks
  }

  readPart(_block: number, { offset, length }: PartLayout): Uint8Array | Promise<Uint8Array> {
    return this.source.read(offset, length)
  }

  async formsOf(block: number): Promise<FormLayout[] | undefined> {
    const place = this.blocks[block]!.forms
    if (place === undefined) return undefined
    const packed = await this.source.read(place.offset, place.length)
    const triples = guarded(
      this.source,
      `forms of block ${block}`,
      () => JSON.parse(Buffer.from(unpack(packed, place.size)).toString()) as [string, number, string][],
    )
    return triples.map(([signature, count, sample]) => ({ signature, count, sample }))
  }

  async findToken(token: string): Promise<TokenPlaces> {
    const [postings, line] = [await this.#postingsOf(token), await this.#filterLineOf(token)]
    const bits = filterBits(tokenHash(token))
    return { postings, mayHold: (block) => line !== undefined && isInFilter(line, block * filterLineBytes, bits) }
  }

  /** Lets go of what is kept of it. */
  forget(): void {
    for (const page of this.layout.pages) this.#cache?.remove(page)
  }

  /** Reads the dictionary and the filter as they are there now. @throws `LOGS_STORE_SEGMENT_DAMAGED` */
  async checkIndex(): Promise<void> {
    const magic = await this.source.read(0, segmentMagic.length)
    if (!Buffer.from(segmentMagic).equals(magic))
      throw damaged(this.source, 'beginning', 'it does not begin as a segment')
    for (const page of this.layout.pages) {
      const bytes = await this.#readPage(page)
      guarded(this.source, 'dictionary', () => readPage(bytes, (_, postings) => postings().length > 0))
    }
    for (let line = 0; line < this.layout.filter.lines; line++) await this.#readFilterLine(line)
    for (const block of this.blocks.keys()) await this.formsOf(block)
  }

  async #postingsOf(token: string): Promise<ReadonlyMap<number, TokenPosting>> {
    const found = new Map<number, TokenPosting>()
    const layout = pageOf(this.layout.pages, token)
    if (layout === undefined) return found
    let page = this.#cache?.get(layout)
    if (page === undefined) {
      page = await this.#readPage(layout)
      this.#cache?.add(layout, page)
    }
    const postings = guarded(this.source, 'dictionary', () => findInPage(page, token))
    for (const posting of postings) found.set(posting.block, posting)
    return found
  }

  async #readPage({ offset, length, size }: PageLayout): Promise<Uint8Array> {
    const packed = await this.source.read(offset, length)
    return guarded(this.source, 'dictionary', () => unpack(packed, size))
  }

  async #filterLineOf(token: string): Promise<Uint8Array | undefined> {
    const { lines } = this.layout.filter
    return lines === 0 ? undefined : this.#readFilterLine(filterLine(tokenHash(token), lines))
  }

  async #readFilterLine(number: number): Promise<Uint8Array> {
    const length = this.blocks.length * filterLineBytes
    const at = this.layout.filter.offset + number * (length + 4)
    const bytes = await this.source.read(at, length + 4)
    const line = bytes.subarray(0, length)
    if (crc32(line) !== new DataView(bytes.buffer, bytes.byteOffset).getUint32(length, true))
      throw damaged(this.source, 'filter', 'its checksum is wrong')
    return line
  }
}

/** The last page that begins with the token or before it. */
function pageOf(pages: readonly PageLayout[], token: string): PageLayout | undefined {
  let [low, high] = [0, pages.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (pages[middle]!.firstToken <= token) low = middle + 1
    else high = middle
  }
  return pages[low - 1]
}

function damaged(source: SegmentSource, part: string, reason: string, cause?: unknown) {
  return storeErrors.LOGS_STORE_SEGMENT_DAMAGED({ segment: source.name, part, reason }, { cause })
}

function guarded<Result>(source: SegmentSource, part: string, read: () => Result): Result {
  try {
    return read()
  } catch (cause) {
    throw damaged(source, part, (cause as Error).message, cause)
  }
}
