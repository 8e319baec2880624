import type { Disk } from '@exprsn/core/disk'
import { osmErrors } from './errors.ts'

/** Where OpenStreetMap data comes from: a path, bytes, or a stream of bytes such as the body of a response. */
export type OsmInput = string | Uint8Array | AsyncIterable<Uint8Array>

/** How bytes are read. */
export interface ByteSourceOptions {
  readonly disk: Disk
  readonly signal: AbortSignal | undefined
  /** Called for every piece. */
  readonly onProgress: ((progress: { readonly bytes: number; readonly total: number | undefined }) => void) | undefined
}

const pieceSize = 1_048_576

/** The bytes of an input, in pieces. */
export async function* byteSource(
  input: OsmInput,
  { disk, signal, onProgress }: ByteSourceOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { pieces, total } = await openInput(input, disk)
  let bytes = 0
  for await (const piece of pieces) {
    signal?.throwIfAborted()
    bytes += piece.length
    onProgress?.({ bytes, total })
    yield piece
  }
}

async function openInput(input: OsmInput, disk: Disk) {
  if (typeof input === 'string') return { pieces: filePieces(input, disk), total: (await disk.stat(input)).size }
  if (input instanceof Uint8Array) return { pieces: [input], total: input.length }
  return { pieces: input, total: undefined }
}

async function* filePieces(path: string, disk: Disk): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await disk.open(path, 'read')
  try {
    for (let position = 0; ;) {
      const piece = new Uint8Array(pieceSize)
      const length = await file.read(piece, position)
      if (length === 0) return
      position += length
      yield piece.subarray(0, length)
    }
  } finally {
    await file.close()
  }
}

/** The first bytes of a source, and the source with them put back. */
export async function peek(source: AsyncIterable<Uint8Array>, length: number) {
  const iterator = source[Symbol.asyncIterator]()
  const pieces: Uint8Array[] = []
  let total = 0
  while (total < length) {
    const { done, value } = await iterator.next()
    if (done === true) break
    pieces.push(value)
    total += value.length
  }
  const heads = pieces.map((piece) => piece.subarray(0, length))
  return { first: Buffer.concat(heads).subarray(0, length), source: resumed(pieces, iterator) }
}

async function* resumed(
  pieces: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* pieces
    for (;;) {
      const { done, value } = await iterator.next()
      if (done === true) return
      yield value
    }
  } finally {
    await iterator.return?.()
  }
}

/** Unpacks gzip as it arrives, all of its members. @throws `GEO_OSM_INVALID` */
export async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const [{ createGunzip }, { pipeline, Readable }] = await Promise.all([import('node:zlib'), import('node:stream')])
  const unpacked = createGunzip({ chunkSize: 65_536 })
  // What fails shows where the bytes are read.
  pipeline(Readable.from(source), unpacked, () => {})
  try {
    yield* unpacked as AsyncIterable<Uint8Array>
  } catch (cause) {
    if (!isZlibError(cause)) throw cause
    throw osmErrors.GEO_OSM_INVALID({ offset: unpacked.bytesWritten, reason: cause.message }, { cause })
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_')
}
