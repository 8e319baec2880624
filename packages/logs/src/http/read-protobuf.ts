import { ProtobufReader } from '@exprsn/core/bytes'
import { logHttpErrors } from './errors.ts'

/** Messages inside each other: attributes may hold lists and maps, but none of a client's is this deep. */
const deepest = 64

/** Reads a message. @throws `LOGS_HTTP_BODY_INVALID` */
export function readProtobuf<Message>(bytes: Uint8Array, read: (reader: ProtobufReader) => Message): Message {
  try {
    return read(new ProtobufReader(bytes, { maximumDepth: deepest }))
  } catch (cause) {
    throw logHttpErrors.LOGS_HTTP_BODY_INVALID({ line: 1, reason: (cause as Error).message }, { cause })
  }
}
