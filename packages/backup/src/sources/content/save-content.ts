import { looksIncompressible, type Chunker } from '../../chunking/index.ts'
import type { BlobWriter, ContentId } from '../../repository/index.ts'

/** What {@link saveContent} works with. */
export interface SaveContentOptions {
  readonly writer: BlobWriter
  readonly chunker: Chunker
  readonly onBytes: (bytes: number) => void
  readonly signal: AbortSignal | undefined
}

/** What {@link saveContent} stored. */
export interface SavedContent {
  readonly content: readonly ContentId[]
  readonly bytes: number
}

const step = 1_024 * 1_024

/** Cuts a stream into chunks and stores them; of the stream no more than one chunk and a mebibyte is held. */
export async function saveContent(
  body: AsyncIterable<Uint8Array>,
  { writer, chunker, onBytes, signal }: SaveContentOptions,
): Promise<SavedContent> {
  const window = new Uint8Array(chunker.maxSize + step)
  const content: ContentId[] = []
  let bytes = 0
  let start = 0
  let end = 0

  for await (const piece of body) {
    for (let at = 0; at < piece.length; at += step) {
      signal?.throwIfAborted()
      await take(piece.subarray(at, at + step))
    }
  }
  chunker.reset()
  if (end > start) content.push(await saveChunk(writer, window.subarray(start, end)))
  return { content, bytes }

  async function take(part: Uint8Array): Promise<void> {
    // The window begins with the start of a chunk, so that the chunker sees all of it.
    if (end + part.length > window.length) {
      window.copyWithin(0, start, end)
      end -= start
      start = 0
    }
    window.set(part, end)
    end += part.length
    bytes += part.length
    onBytes(part.length)
    for (let cut = chunker.cut(window.subarray(start, end)); cut > 0;) {
      content.push(await saveChunk(writer, window.subarray(start, start + cut)))
      start += cut
      cut = chunker.cut(window.subarray(start, end))
    }
  }
}

/** Stores one chunk, compressed unless it looks as if that were in vain. */
export async function saveChunk(writer: BlobWriter, plain: Uint8Array): Promise<ContentId> {
  const { id } = await writer.save('data', plain, { compress: !looksIncompressible(plain) })
  return id
}
