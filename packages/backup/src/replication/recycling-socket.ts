import { Socket } from 'node:net'

/** More than what the kernel holds for a connection by default: one read takes all that has arrived. */
const firstSize = 256 * 1024
/** A type and a length that counts itself (PostgreSQL documentation, "Message Formats"). */
const headerSize = 5

/**
 * A socket that reads into one buffer over and over instead of a new one each time, and hands over whole messages of
 * PostgreSQL's protocol: a base backup reads gigabytes, and making, joining and collecting pieces of 64 KiB costs more than
 * all the rest. Since no message is cut, the parser of `pg` keeps none of the buffer once its listener has returned.
 *
 * What listens to `data` has to copy what it keeps. Not for TLS, which reads by itself.
 */
export function recyclingSocket(): Socket {
  let buffer = Buffer.allocUnsafeSlow(firstSize)
  let held = 0
  const room = (): Buffer => {
    if (held === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2)
    return buffer.subarray(held)
  }
  const onBytes = (size: number): boolean => {
    const end = held + size
    const whole = endOfWholeMessages(buffer, end)
    if (whole > 0) socket.emit('data', buffer.subarray(0, whole))
    if (whole < end) buffer.copyWithin(0, whole, end)
    held = end - whole
    return true
  }
  const socket: Socket = new Socket({ onread: { buffer: room, callback: onBytes } } as SocketOptions)
  return socket
}

type SocketOptions = ConstructorParameters<typeof Socket>[0]

/** Where the last message that is there completely ends. */
export function endOfWholeMessages(bytes: Buffer, end: number): number {
  let at = 0
  while (at + headerSize <= end) {
    const length = bytes.readUInt32BE(at + 1)
    // Not this protocol: the parser shall see it and say so.
    if (length < headerSize - 1) return end
    const next = at + 1 + length
    if (next > end) break
    at = next
  }
  return at
}
