import { osmErrors } from '../errors.ts'
import { Fields } from './fields.ts'

/** A piece of a PBF file (fileformat.proto): its kind and what is still packed. */
export interface Blob {
  /** `OSMHeader` or `OSMData`; others are to be passed over. */
  readonly type: string
  /** The bytes of the message `Blob`. */
  readonly bytes: Uint8Array
  /** Where they begin in the file. */
  readonly offset: number
}

/** "The length of the BlobHeader … must be less than 64 KiB" (OpenStreetMap wiki, PBF Format). */
const longestHeader = 65_536
/** "The uncompressed length of a Blob … must be less than 32 MiB"; packed it may not be longer, either. */
export const longestBlob = 33_554_432

/**
 * The blobs of a file whose bytes arrive in pieces of any size.
 *
 * @throws `GEO_OSM_TRUNCATED`, `GEO_OSM_INVALID`, `GEO_OSM_LIMIT`
 */
export async function* readBlobs(source: AsyncIterable<Uint8Array>): AsyncGenerator<Blob, void, undefined> {
  const input = new ByteQueue(source)
  try {
    for (let blob = await readBlob(input); blob !== undefined; blob = await readBlob(input)) yield blob
  } finally {
    await input.close()
  }
}

async function readBlob(input: ByteQueue): Promise<Blob | undefined> {
  const { offset } = input
  const size = await input.take(4, { offset, mayEnd: true })
  if (size === undefined) return undefined
  const headerLength = new DataView(size.buffer, size.byteOffset).getUint32(0)
  checkSize('a header', headerLength, { limit: longestHeader, offset })
  const header = readHeader(new Fields((await input.take(headerLength, { offset }))!, offset))
  checkSize('a blob', header.size, { limit: longestBlob, offset })
  const start = input.offset
  return { type: header.type, bytes: (await input.take(header.size, { offset }))!, offset: start }
}

/** @throws `GEO_OSM_LIMIT` */
export function checkSize(what: string, size: number, { limit, offset }: { limit: number; offset: number }): void {
  if (!(size <= limit)) throw osmErrors.GEO_OSM_LIMIT({ what, size, limit, offset })
}

/** fileformat.proto, `BlobHeader`. */
function readHeader(fields: Fields): { type: string; size: number } {
  let type = ''
  let size = -1
  fields.enter(0, fields.bytes.length)
  while (fields.next()) {
    if (fields.field === 1 && fields.wireType === 2)
      type = Buffer.from(fields.bytes.subarray(fields.from, fields.end)).toString('latin1')
    else if (fields.field === 3) size = fields.number()
  }
  if (type === '' || size < 0) throw fields.invalid('a header without type or size', 0)
  return { type, size }
}

/** Bytes that arrive in pieces and are taken in others. */
class ByteQueue {
  readonly #source: AsyncIterator<Uint8Array>
  #piece: Uint8Array = new Uint8Array(0)
  /** How many bytes were taken. */
  offset = 0

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Exactly so many bytes; undefined at the end, if that `mayEnd` here. `offset` is where what they belong to begins. */
  async take(
    length: number,
    { offset, mayEnd = false }: { readonly offset: number; readonly mayEnd?: boolean },
  ): Promise<Uint8Array | undefined> {
    if (this.#piece.length < length) await this.#gather(length)
    const { length: present } = this.#piece
    if (present === 0 && length > 0 && mayEnd) return undefined
    if (present < length) throw osmErrors.GEO_OSM_TRUNCATED({ length: this.offset + present, offset })
    const taken = this.#piece.subarray(0, length)
    this.#piece = this.#piece.subarray(length)
    this.offset += length
    return taken
  }

  async close(): Promise<void> {
    await this.#source.return?.()
  }

  /** Joins pieces until there are enough bytes, or no more. */
  async #gather(length: number): Promise<void> {
    const pieces = [this.#piece]
    let total = this.#piece.length
    while (total < length) {
      const { done, value } = await this.#source.next()
      if (done === true) break
      pieces.push(value)
      total += value.length
    }
    this.#piece = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  }
}
