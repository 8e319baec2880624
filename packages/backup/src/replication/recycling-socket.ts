import { Socket } from 'node:net'

/** The messages of a base backup come in up to 32 KiB. */
const firstSize = 160 * 1024
/** With less room than this a read is not worth its system call. */
const leastRoom = 64 * 1024
/** A type and a length that counts itself (PostgreSQL documentation, "Message Formats"). */
const headerSize = 5
const copyData = 0x64

/** A socket that {@link recyclingSocket} made. */
export interface RecyclingSocket extends Socket {
  /** Takes the payloads of CopyData messages, views that are only valid during the call. Without it they go to `data`. */
  onCopyData: ((payload: Uint8Array) => void) | undefined
}

/**
 * A socket that reads into one buffer over and over instead of a new one each time, and hands over whole messages of
 * PostgreSQL's protocol: a base backup reads gigabytes, and making, joining and collecting pieces of 64 KiB costs more than
 * all the rest. Since no message is cut, the parser of `pg` keeps none of the buffer once its listener has returned.
 * CopyData can go straight to who wants it; the parser then never sees it.
 *
 * What listens to `data` has to copy what it keeps. Not for TLS, which reads by itself.
 */
export function recyclingSocket(): RecyclingSocket {
  let buffer = Buffer.allocUnsafeSlow(firstSize)
  let start = 0
  let end = 0

  const room = (): Buffer => {
    if (start === end) start = end = 0
    else if (buffer.length - end < leastRoom) makeRoom()
    return buffer.subarray(end)
  }
  const makeRoom = (): void => {
    const held = buffer.subarray(start, end)
    if (held.length > buffer.length - leastRoom) buffer = Buffer.concat([held], buffer.length * 2)
    else buffer.copyWithin(0, start, end)
    end -= start
    start = 0
  }
  const onBytes = (size: number): boolean => {
    end += size
    start = handOver(socket, buffer, start, end)
    return true
  }
  const socket = new Socket({ onread: { buffer: room, callback: onBytes } } as SocketOptions) as RecyclingSocket
  socket.onCopyData = undefined
  return socket
}

type SocketOptions = ConstructorParameters<typeof Socket>[0]

/** Hands over the messages that are there completely and returns where the last of them ends. */
function handOver(socket: RecyclingSocket, buffer: Buffer, start: number, end: number): number {
  let at = start
  let unparsed = start
  const parse = (until: number): void => {
    if (until > unparsed) socket.emit('data', buffer.subarray(unparsed, until))
    unparsed = until
  }
  while (at + headerSize <= end) {
    const length = buffer.readUInt32BE(at + 1)
    // Not this protocol: the parser shall see it and say so.
    const next = length < headerSize - 1 ? end : at + 1 + length
    if (next > end) break
    if (buffer[at] === copyData && next > at + headerSize && socket.onCopyData !== undefined) {
      parse(at)
      socket.onCopyData?.(buffer.subarray(at + headerSize, next))
      unparsed = next
    }
    at = next
  }
  parse(at)
  return at
}
