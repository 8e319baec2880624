import { CborReader, Cid, type DataObject, type DataValue } from '../codec/index.ts'
import { repoErrors } from './errors.ts'

/** A message of an event stream. */
export interface StreamMessage {
  /** Such as `#commit`. */
  readonly type: string
  readonly body: DataObject
}

/** The last frame of a stream that ends with an error. */
export interface StreamError {
  readonly type: 'error'
  /** Such as `FutureCursor`. */
  readonly error: string
  readonly message: string | undefined
}

/**
 * Decodes a frame of an event stream: a header and a body, both strict DAG-CBOR. Byte strings are views of the frame.
 *
 * @throws `ATPROTO_FRAME_INVALID`, `ATPROTO_CBOR_INVALID`, `ATPROTO_CBOR_LIMIT`
 * @example
 * ```ts
 * import { encodeCbor } from '@exprsn/atproto/codec'
 * import { decodeFrame } from '@exprsn/atproto/repo'
 *
 * const frame = Buffer.concat([encodeCbor({ op: 1, t: '#info' }), encodeCbor({ name: 'OutdatedCursor' })])
 * console.log(decodeFrame(frame)) // { type: '#info', body: { name: 'OutdatedCursor' } }
 * ```
 */
export function decodeFrame(frame: Uint8Array): StreamMessage | StreamError {
  const reader = new CborReader()
  const { op, t } = mapOf(reader.decodeFirst(frame, 0, frame.length))
  const body = mapOf(reader.decode(frame, reader.position, frame.length))
  if (op === -1) return errorOf(body)
  if (op !== 1 || typeof t !== 'string') throw repoErrors.ATPROTO_FRAME_INVALID({ reason: 'its header names no type' })
  return { type: t, body }
}

function errorOf({ error, message }: DataObject): StreamError {
  if (typeof error !== 'string') throw repoErrors.ATPROTO_FRAME_INVALID({ reason: 'it is an error without a name' })
  return { type: 'error', error, message: typeof message === 'string' ? message : undefined }
}

function mapOf(value: DataValue): DataObject {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Cid)
  if (!isMap || value instanceof Uint8Array) throw repoErrors.ATPROTO_FRAME_INVALID({ reason: 'it is not two maps' })
  return value as DataObject
}
