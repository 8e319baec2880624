import { concatBytes } from '../bytes/concat-bytes.ts'
import { httpErrors } from './errors.ts'

/** The bytes of a stream, which is cancelled as soon as it exceeds `limit`. @throws `CORE_HTTP_BODY_TOO_LARGE` */
export async function readLimited(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return concatBytes(chunks)
    size += value.byteLength
    if (size > limit) {
      const error = httpErrors.CORE_HTTP_BODY_TOO_LARGE({ limit })
      // Not awaited: one half of a cloned body is cancelled only once the other is.
      void reader.cancel(error).catch(() => {})
      throw error
    }
    chunks.push(value)
  }
}
