import { concatBytes } from '@exprsn/core/bytes'
import { encodeCbor, type DataObject } from '../codec/index.ts'

/**
 * Encodes a message of an event stream: a header that names its type, and the body behind it.
 *
 * @param type such as `#commit`
 * @throws `ATPROTO_VALUE_UNENCODABLE`
 * @example
 * ```ts
 * import { decodeFrame, encodeFrame } from '@exprsn/atproto/repo'
 *
 * const frame = encodeFrame('#info', { name: 'OutdatedCursor' })
 * console.log(decodeFrame(frame)) // { type: '#info', body: { name: 'OutdatedCursor' } }
 * ```
 */
export function encodeFrame(type: string, body: DataObject): Uint8Array {
  return frameOf({ op: 1, t: type }, body)
}

/**
 * Encodes the last frame of a stream that ends with an error.
 *
 * @param error such as `FutureCursor`
 * @example
 * ```ts
 * import { decodeFrame, encodeErrorFrame } from '@exprsn/atproto/repo'
 *
 * console.log(decodeFrame(encodeErrorFrame('FutureCursor', 'Cursor in the future.')).type) // error
 * ```
 */
export function encodeErrorFrame(error: string, message: string): Uint8Array {
  return frameOf({ op: -1 }, { error, message })
}

function frameOf(header: DataObject, body: DataObject): Uint8Array {
  return concatBytes([encodeCbor(header), encodeCbor(body)])
}
