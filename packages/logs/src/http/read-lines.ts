import { ExprsnError } from '@exprsn/core'
import { decompress } from '@exprsn/core/bytes'
import { logHttpErrors } from './errors.ts'

/**
 * The bytes of a body, unpacked, never more than `limit`: a bomb is refused before it is unpacked.
 *
 * @param own a content encoding that is part of what is sent: whoever reads that unpacks it
 */
export async function readBytes(request: Request, limit: number, own = 'identity'): Promise<Uint8Array> {
  const packed = await collect(request, limit)
  const encoding = request.headers.get('content-encoding')?.toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '' || encoding === own) return packed
  if (encoding !== 'gzip' && encoding !== 'zstd')
    throw logHttpErrors.LOGS_HTTP_UNSUPPORTED({ part: `the content encoding ${encoding}` })
  try {
    return decompress(packed, { limit, format: encoding })
  } catch (cause) {
    if (ExprsnError.is(cause) && cause.code === 'CORE_BYTES_DECOMPRESSION_LIMIT')
      throw logHttpErrors.LOGS_HTTP_BODY_TOO_LARGE({ limit }, { cause })
    throw logHttpErrors.LOGS_HTTP_BODY_INVALID({ line: 1, reason: (cause as Error).message }, { cause })
  }
}

async function collect(request: Request, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body ?? []) {
    size += part.length
    if (size > limit) throw logHttpErrors.LOGS_HTTP_BODY_TOO_LARGE({ limit })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** Lines of text, byte for byte; empty ones are none. */
export function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  let start = 0
  while (start < bytes.length) {
    const found = bytes.indexOf(0x0a, start)
    const end = found < 0 ? bytes.length : found
    const last = end > start && bytes[end - 1] === 0x0d ? end - 1 : end
    if (last > start) lines.push(bytes.subarray(start, last))
    start = end + 1
  }
  return lines
}

/** JSON of a body. */
export function parseJson(bytes: Uint8Array, line = 1): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
  } catch (cause) {
    throw logHttpErrors.LOGS_HTTP_BODY_INVALID({ line, reason: 'it is no JSON' }, { cause })
  }
}

/** Whether something is an object with names. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
