import { Socket } from 'node:net'
import { systemClock, type Clock } from '@exprsn/core'
import { createReadingPace, restTime } from './reading-pace.ts'

/**
 * Eight messages of a base backup, which come in up to 32 KiB, and a little: of a buffer that was read full, next to nothing is left to be
 * moved to its beginning.
 */
const firstSize = 8 * (32 * 1024 + 64)
/** With less room than this a read is not worth its system call. */
const leastRoom = 64 * 1024
/** A type and a length that counts itself (PostgreSQL documentation, "Message Formats"). */
const headerSize = 5
const copyData = 0x64

/** A socket that {@link recyclingSocket} made. */
export interface RecyclingSocket extends Socket {
  /**
   * Takes the payloads of CopyData messages, views that are only valid during the call, and of how many messages they are. Without it they
   * go to `data`.
   */
  onCopyData: ((payload: Uint8Array, messages: number) => void) | undefined
  /**
   * Whether payloads that lie side by side are handed over as one. For rows of a table: a call for each of millions costs more
   * than moving them together, which is 30 ns for a row of 130 bytes.
   */
  joinsCopyData: boolean
  /** Whether a stream that comes fast is let rest between reads, where it comes over a network. It is then told of a millisecond later. */
  restsBetweenReads: boolean
}

/** Options of {@link recyclingSocket}. */
export interface RecyclingSocketOptions {
  /** Of the rests between reads. @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * A socket that reads into one buffer over and over instead of a new one each time, and hands over whole messages of
 * PostgreSQL's protocol: a base backup reads gigabytes, and making, joining and collecting pieces of 64 KiB costs more than
 * all the rest. Since no message is cut, the parser of `pg` keeps none of the buffer once its listener has returned.
 * CopyData can go straight to who wants it; the parser then never sees it.
 *
 * What listens to `data` has to copy what it keeps. Not for TLS, which reads by itself.
 */
export function recyclingSocket({ clock = systemClock }: RecyclingSocketOptions = {}): RecyclingSocket {
  const pace = createReadingPace()
  let buffer = Buffer.allocUnsafeSlow(firstSize)
  let start = 0
  let end = 0

  const room = (): Uint8Array => {
    if (start === end) start = end = 0
    else if (buffer.length - end < leastRoom) makeRoom()
    return end === 0 ? buffer : new Uint8Array(buffer.buffer, end)
  }
  const makeRoom = (): void => {
    const held = buffer.subarray(start, end)
    if (held.length > buffer.length - leastRoom) buffer = Buffer.concat([held], buffer.length * 2)
    else buffer.copyWithin(0, start, end)
    end -= start
    start = 0
  }
  const onBytes = (size: number): boolean => {
    const drained = size < buffer.length - end
    end += size
    start = handOver(socket, buffer, start, end)
    // A Unix socket holds less than is worth a rest.
    if (!socket.restsBetweenReads || socket.remoteFamily === undefined || !pace.restsAfter(size, drained)) return true
    clock.setTimer(goOn, restTime)
    return false
  }
  const goOn = (): void => {
    if (!socket.isPaused()) socket.resume()
  }
  const socket = new Socket({ onread: { buffer: room, callback: onBytes } } as SocketOptions) as RecyclingSocket
  socket.onCopyData = undefined
  socket.joinsCopyData = false
  socket.restsBetweenReads = false
  return socket
}

type SocketOptions = ConstructorParameters<typeof Socket>[0]

/** Hands over the messages that are there completely and returns where the last of them ends. */
function handOver(socket: RecyclingSocket, buffer: Buffer, start: number, end: number): number {
  const memory = buffer.buffer
  let at = start
  let unparsed = start
  let joined = start
  let joinedEnd = start
  let messages = 0
  const parse = (until: number): void => {
    if (until > unparsed) socket.emit('data', buffer.subarray(unparsed, until))
    unparsed = until
  }
  const copy = (): void => {
    const count = messages
    messages = 0
    // A plain view takes half the time of a Buffer's.
    if (count > 0) socket.onCopyData?.(new Uint8Array(memory, joined, joinedEnd - joined), count)
  }
  while (at + headerSize <= end) {
    const length = buffer.readUInt32BE(at + 1)
    // Not this protocol: the parser shall see it and say so.
    const next = length < headerSize - 1 ? end : at + 1 + length
    if (next > end) break
    if (buffer[at] === copyData && next > at + headerSize && socket.onCopyData !== undefined) {
      if (messages === 0) {
        parse(at)
        joined = joinedEnd = at + headerSize
      }
      // The headers between are written over.
      if (messages++ > 0) buffer.copyWithin(joinedEnd, at + headerSize, next)
      joinedEnd += next - at - headerSize
      unparsed = next
      if (!socket.joinsCopyData) copy()
    } else copy()
    at = next
  }
  copy()
  parse(at)
  return at
}
