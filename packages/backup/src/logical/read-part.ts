import { createHash } from 'node:crypto'
import { ExprsnError } from '@exprsn/core'
import { decompress } from '@exprsn/core/bytes'
import type { ObjectStore } from '@exprsn/core/storage'
import { logicalErrors } from './errors.ts'
import type { ExportCompression, ExportedPart } from './export-files.ts'

/**
 * The COPY text of a part, piece by piece. Ends with an error where anything differs from what was exported: what was read
 * until then must not be kept.
 *
 * @throws `BACKUP_EXPORT_DAMAGED`
 */
export async function* readPart(
  store: ObjectStore,
  part: ExportedPart,
  compress: ExportCompression,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const damaged = (reason: string, cause?: unknown) =>
    logicalErrors.BACKUP_EXPORT_DAMAGED({ key: part.key, reason }, { cause })
  const hash = createHash('sha256')
  const object = await store.get(part.key, { signal })
  const pieces =
    compress === 'none'
      ? object.body
      : frames(
          object.body,
          part.frames.map(([, stored]) => stored),
        )
  let index = 0
  for await (const piece of pieces) {
    let text = piece
    if (compress !== 'none') {
      const limit = part.frames[index++]?.[0]
      if (limit === undefined) throw damaged('it is longer than it was')
      try {
        text = decompress(piece, { limit, format: 'zstd' })
      } catch (error) {
        if (ExprsnError.is(error)) throw damaged('it cannot be unpacked', error)
        throw error
      }
    }
    hash.update(text)
    yield text
  }
  if (hash.digest('hex') !== part.sha256) throw damaged('its checksum is another one than it was')
}

/** Cuts a stream into pieces of given sizes; what is left over is a last piece, and what is missing makes a piece short. */
async function* frames(body: AsyncIterable<Uint8Array>, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let length = 0
  let next = 0
  for await (let chunk of body) {
    while (next < sizes.length && length + chunk.length >= sizes[next]!) {
      const missing = sizes[next]! - length
      yield Buffer.concat([...held, chunk.subarray(0, missing)])
      chunk = chunk.subarray(missing)
      held = []
      length = 0
      next++
    }
    if (chunk.length > 0) held.push(chunk)
    length += chunk.length
  }
  if (length > 0) yield Buffer.concat(held)
}
