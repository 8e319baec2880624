import { ByteReader, ByteWriter } from '@exprsn/core/bytes'
import type { BlockTokens } from './token-table.ts'

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
  const places = new Map<string, number[]>()
  /** Tokens by how they begin: many small sortings can be paused between, one large one cannot. */
  const byBeginning = new Map<string, string[]>()
  for (const [block, { tokens }] of blocks.entries()) {
    for (const [index, token] of tokens.entries()) {
      const known = places.get(token)
      if (known !== undefined) {
        known.push(block, index)
        continue
      }
      places.set(token, [block, index])
      const beginning = token.slice(0, 2)
      const group = byBeginning.get(beginning)
      if (group === undefined) byBeginning.set(beginning, [token])
      else group.push(token)
    }
    yield
  }
  const sorted: string[] = []
  for (const beginning of [...byBeginning.keys()].sort()) {
    for (const token of byBeginning.get(beginning)!.sort()) sorted.push(token)
    yield
  }
  const inner = new ByteWriter()
  let writer = new ByteWriter()
  let firstToken = ''
  let previous = ''
  let count = 0
  for (const token of sorted) {
    if (count === tokensPerPage || writer.length > bytesPerPage) {
      yield { firstToken, bytes: writer.finish() }
      writer = new ByteWriter()
      previous = ''
      count = 0
    }
    if (count++ === 0) firstToken = token
    const shared = sharedLength(previous, token)
    writer
      .varint(shared)
      .varint(token.length - shared)
      .text(token.slice(shared))
    writePlaces(writer, inner, places.get(token)!, blocks)
    previous = token
  }
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

function writePlaces(
  writer: ByteWriter,
  inner: ByteWriter,
  places: readonly number[],
  blocks: readonly BlockTokens[],
): void {
  inner.reset()
  let previous = -1
  for (let at = 0; at < places.length; at += 2) {
    const [block, index] = [places[at]!, places[at + 1]!]
    const { counts, offsets, postings } = blocks[block]!
    const part = postings.subarray(offsets[index]!, offsets[index + 1]!)
    inner
      .varint(block - previous - 1)
      .varint(counts[index]!)
      .varint(part.length)
      .bytes(part)
    previous = block
  }
  const bytes = inner.finish()
  writer
    .varint(places.length / 2)
    .varint(bytes.length)
    .bytes(bytes)
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

function sharedLength(first: string, second: string): number {
  const most = Math.min(first.length, second.length)
  let length = 0
  while (length < most && first.charCodeAt(length) === second.charCodeAt(length)) length++
  return length
}
