import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** The server's end of a WebSocket that only sends. */
export interface ServerSocket {
  /** Sends bytes as one binary message. @returns false when the client reads slower than we write */
  send(message: Uint8Array): boolean
  /** Sends text as one message. */
  sendText(message: string): boolean
  /** Ends the conversation in order. */
  close(code: number): void
  /** Breaks the connection. */
  destroy(): void
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>
  /** Text messages of the client. */
  onText: ((text: string) => void) | undefined
  /** Bytes that wait to be sent. */
  readonly buffered: number
  /** Resolves when none do any more, or the connection is gone. */
  drained(): Promise<void>
}

/** RFC 6455, section 1.3. */
const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Accepts a WebSocket (RFC 6455) on the socket of an upgrade request: what a test server needs of it and no more. */
export function acceptWebSocket(request: IncomingMessage, socket: Duplex): ServerSocket {
  const key = String(request.headers['sec-websocket-key'])
  const accept = createHash('sha1').update(`${key}${magic}`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  return new FrameSocket(socket)
}

const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

class FrameSocket implements ServerSocket {
  readonly closed: Promise<void>
  onText: ((text: string) => void) | undefined
  readonly #socket: Duplex
  #received = Buffer.alloc(0)

  constructor(socket: Duplex) {
    this.#socket = socket
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => socket.end())
  }

  get buffered(): number {
    return this.#socket.writableLength
  }

  drained(): Promise<void> {
    if (this.#socket.destroyed) return Promise.resolve()
    const drain = new Promise<void>((resolve) => this.#socket.once('drain', () => resolve()))
    return Promise.race([drain, this.closed])
  }

  send(message: Uint8Array): boolean {
    return this.#write(opcodes.binary, message)
  }

  sendText(message: string): boolean {
    return this.#write(opcodes.text, Buffer.from(message))
  }

  close(code: number): void {
    this.#write(opcodes.close, Uint8Array.of(code >> 8, code & 0xff))
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #write(opcode: number, payload: Uint8Array): boolean {
    if (this.#socket.destroyed || this.#socket.writableEnded) return false
    this.#socket.write(frameHeader(opcode, payload.length))
    return this.#socket.write(payload)
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    for (;;) {
      const frame = clientFrame(this.#received)
      if (frame === undefined) return
      this.#received = this.#received.subarray(frame.length)
      if (frame.opcode === opcodes.text) this.onText?.(frame.payload.toString())
      else if (frame.opcode === opcodes.ping) this.#write(opcodes.pong, frame.payload)
      else if (frame.opcode === opcodes.close) this.close(1000)
    }
  }
}

function frameHeader(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | opcode, length])
  const header = Buffer.alloc(length < 65_536 ? 4 : 10)
  header[0] = 0x80 | opcode
  header[1] = length < 65_536 ? 126 : 127
  if (length < 65_536) header.writeUInt16BE(length, 2)
  else header.writeBigUInt64BE(BigInt(length), 2)
  return header
}

interface ClientFrame {
  readonly opcode: number
  readonly payload: Buffer
  /** Of the whole frame. */
  readonly length: number
}

/** The first frame of what a client sent, which is always masked; undefined until all of it is there. */
function clientFrame(bytes: Buffer): ClientFrame | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes[1]! & 0x7f
  const start = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < start + 4) return undefined
  const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  const length = start + 4 + size
  if (bytes.length < length) return undefined
  const mask = bytes.subarray(start, start + 4)
  const payload = Buffer.from(bytes.subarray(start + 4, length))
  for (let index = 0; index < payload.length; index++) payload[index]! ^= mask[index % 4]!
  return { opcode: bytes[0]! & 0x0f, payload, length }
}
