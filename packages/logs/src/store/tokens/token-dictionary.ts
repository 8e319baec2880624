import { ByteReader } from '@exprsn/core/bytes'
import type { BlockTokens } from './block-tokens.ts'
import { PageWriter, varintLength } from './page-writer.ts'
import { SegmentTokens } from './segment-tokens.ts'
import { sortTokens } from './sort-tokens.ts'

/** Where a token stands in one block. */
export interface TokenPosting {
  readonly block: number
  /** Rows. */
  readonly count: number
  readonly postings: Uint8Array
}

/** Sorted tokens of a segment that are read together. */
export interface DictionaryPage {
  readonly firstToken: string
  readonly bytes: Uint8Array
}

const tokensPerPage = 1_024
/** Postings of common tokens are long: a page ends early rather than make the reading of rare ones dear. */
const bytesPerPage = 48 * 1_024

/**
 * The dictionary of a segment: its tokens in order, each with the blocks it stands in twice or more, how often, and where.
 * Tokens share what they have in common with the one before. Pauses between the pages and before them.
 */
export function* buildDictionary(blocks: readonly BlockTokens[]): Generator<DictionaryPage | undefined> {
  const tokens = new SegmentTokens(blocks.reduce((sum, { counts }) => sum + counts.length, 0))
  for (const [number, block] of blocks.entries()) {
    tokens.add(number, block)
    yield
  }
  const sorted = yield* sortTokens(tokens)
  const { names } = tokens
  const writer = new PageWriter()
  let firstToken = ''
  let [previousStart, previousEnd, count] = [0, 0, 0]
  for (let index = 0; index < sorted.length; index++) {
    const token = sorted[index]!
    if (count === tokensPerPage || writer.length > bytesPerPage) {
      yield { firstToken, bytes: writer.finish() }
      count = 0
    }
    const [start, end] = [tokens.startOf(token), tokens.endOf(token)]
    if (count++ === 0) {
      firstToken = Buffer.from(names.buffer, names.byteOffset + start, end - start).toString('latin1')
      previousEnd = previousStart
    }
    let shared = 0
    const most = Math.min(previousEnd - previousStart, end - start)
    while (shared < most && names[previousStart + shared] === names[start + shared]) shared++
    writer.varint(shared)
    writer.varint(end - start - shared)
    writer.copy(names, start + shared, end)
    writePlaces(writer, tokens, token, blocks)
    previousStart = start
    previousEnd = end
  }
  tokens.giveBack()
  if (count > 0) yield { firstToken, bytes: writer.finish() }
}

/** Calls with each token of a page, in order, until the answer is false. */
export function readPage(bytes: Uint8Array, onToken: (token: string, postings: () => TokenPosting[]) => boolean): void {
  const reader = new ByteReader(bytes)
  let token = ''
  while (reader.remaining > 0) {
    const shared = reader.safeVarint()
    token = token.slice(0, shared) + reader.text(reader.safeVarint())
    const blocks = reader.safeVarint()
    const length = reader.safeVarint()
    const places = reader.bytes(length)
    if (!onToken(token, () => readPlaces(places, blocks))) return
  }
}

function writePlaces(writer: PageWriter, tokens: SegmentTokens, token: number, blocks: readonly BlockTokens[]): void {
  let [places, bytes, previous] = [0, 0, -1]
  tokens.forEachPlace(token, (block, index) => {
    const { counts, offsets } = blocks[block]!
    const length = offsets[index + 1]! - offsets[index]!
    bytes += varintLength(block - previous - 1) + varintLength(counts[index]!) + varintLength(length) + length
    previous = block
    places++
  })
  writer.varint(places)
  writer.varint(bytes)
  previous = -1
  tokens.forEachPlace(token, (block, index) => {
    const { counts, offsets, postings } = blocks[block]!
    const [from, to] = [offsets[index]!, offsets[index + 1]!]
    writer.varint(block - previous - 1)
    writer.varint(counts[index]!)
    writer.varint(to - from)
    writer.copy(postings, from, to)
    previous = block
  })
}

function readPlaces(bytes: Uint8Array, count: number): TokenPosting[] {
  const reader = new ByteReader(bytes)
  const places: TokenPosting[] = []
  let block = -1
  for (let index = 0; index < count; index++) {
    block += reader.safeVarint() + 1
    const rows = reader.safeVarint()
    places.push({ block, count: rows, postings: reader.bytes(reader.safeVarint()) })
  }
  return places
}
