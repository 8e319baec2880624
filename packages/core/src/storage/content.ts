import { storageErrors } from './errors.ts'
import type { ObjectInfo, StoredObject } from './object-store.ts'

/** What may be stored: bytes, or a stream of them. */
export type Content = Uint8Array | AsyncIterable<Uint8Array>

/** The chunks of a content, empty ones left out. Stops at a chunk boundary when the signal is aborted. */
export async function* chunksOf(content: Content, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  if (content instanceof Uint8Array) {
    if (content.length > 0) yield content
    return
  }
  for await (const chunk of content) {
    signal?.throwIfAborted()
    if (!(chunk instanceof Uint8Array))
      throw storageErrors.CORE_STORAGE_OPTION_INVALID({ option: 'body', reason: 'a chunk of it is not a Uint8Array' })
    if (chunk.length > 0) yield chunk
  }
  signal?.throwIfAborted()
}

/** A whole content in one array of its own. */
export async function collect(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  const [only] = chunks
  return chunks.length === 1 && only !== undefined && ownsItsMemory(only) ? only : copyOf(chunks)
}

function ownsItsMemory(bytes: Uint8Array): boolean {
  return bytes.byteLength === bytes.buffer.byteLength && bytes.constructor === Uint8Array
}

function copyOf(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let position = 0
  for (const chunk of chunks) {
    whole.set(chunk, position)
    position += chunk.length
  }
  return whole
}

/**
 * An object whose content can be read once, as a stream or in one piece; a second reading throws
 * `CORE_STORAGE_BODY_USED`.
 *
 * @param openWhole reads the content in one piece. @default the stream is collected
 */
export function storedObject(
  info: ObjectInfo,
  open: () => AsyncIterable<Uint8Array>,
  close: () => void | Promise<void> = () => {},
  openWhole: () => Promise<Uint8Array> = () => collect(open()),
): StoredObject {
  let used = false
  const once = <Opened>(opening: () => Opened): Opened => {
    if (used) throw storageErrors.CORE_STORAGE_BODY_USED({ key: info.key })
    used = true
    return opening()
  }
  return {
    ...info,
    body: { [Symbol.asyncIterator]: () => once(open)[Symbol.asyncIterator]() },
    bytes: async () => once(openWhole),
    discard: async () => {
      if (used) return
      used = true
      await close()
    },
  }
}
