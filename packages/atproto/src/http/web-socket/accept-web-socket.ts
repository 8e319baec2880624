import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { ClientFrames, FrameFault, type ClientMessage } from './client-frames.ts'

/** What is read of an upgrade request. */
export interface UpgradeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
}

/** Options of {@link acceptWebSocket}. */
export interface AcceptWebSocketOptions {
  /** What came behind the request. @default none */
  readonly head?: Uint8Array | undefined
  /** Most bytes of a message of the client; more ends the conversation. @default 64 KiB */
  readonly maxMessageBytes?: number | undefined
}

/** The server's end of a WebSocket that mostly sends. */
export interface ServerSocket {
  /** Sends bytes as one binary message. @returns false when the client reads slower than we write */
  send(message: Uint8Array): boolean
  /** Sends text as one message. */
  sendText(message: string): boolean
  /** Asks the client for a sign of life. */
  ping(): void
  /** Ends the conversation in order. */
  close(code: number): void
  /** Breaks the connection. */
  destroy(): void
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>
  /** Text messages of the client. */
  onText: ((text: string) => void) | undefined
  /** Told whenever the client says anything. */
  onSign: (() => void) | undefined
  /** Bytes that wait to be sent. */
  readonly buffered: number
  /** Resolves when none do any more, or the connection is gone. */
  drained(): Promise<void>
}

/** RFC 6455, section 1.3. */
const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * Accepts a WebSocket (RFC 6455) on the socket of an upgrade request, without extensions and subprotocols.
 *
 * @returns undefined when the request is none; then it was answered
 * @example
 * ```ts no-run
 * import { createServer } from 'node:http'
 * import { acceptWebSocket } from '@exprsn/atproto/http'
 *
 * const server = createServer()
 * server.on('upgrade', (request, socket, head) => {
 *   acceptWebSocket(request, socket, { head })?.sendText('hello')
 * })
 * ```
 */
export function acceptWebSocket(
  request: UpgradeRequest,
  socket: Duplex,
  { head, maxMessageBytes = 64 * 1024 }: AcceptWebSocketOptions = {},
): ServerSocket | undefined {
  const { headers, method } = request
  const key = headers['sec-websocket-key']
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket' || !isKey(key)) {
    refuseUpgrade(socket, 400, 'Bad Request')
    return undefined
  }
  if (headers['sec-websocket-version'] !== '13') {
    refuseUpgrade(socket, 426, 'Upgrade Required', ['Sec-WebSocket-Version: 13'])
    return undefined
  }
  const accept = createHash('sha1').update(`${key}${magic}`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  return new FrameSocket(socket, new ClientFrames(maxMessageBytes), head)
}

/**
 * Answers an upgrade request with a status, and ends it.
 *
 * @example
 * ```ts no-run
 * import { createServer } from 'node:http'
 * import { refuseUpgrade } from '@exprsn/atproto/http'
 *
 * createServer().on('upgrade', (_, socket) => refuseUpgrade(socket, 403, 'Forbidden'))
 * ```
 */
export function refuseUpgrade(socket: Duplex, status: number, text: string, headers: readonly string[] = []): void {
  socket.on('error', () => socket.destroy())
  const lines = [`HTTP/1.1 ${status} ${text}`, ...headers, 'Connection: close', 'Content-Length: 0', '', '']
  socket.end(lines.join('\r\n'))
}

/** 16 bytes in base64. */
function isKey(value: string | undefined): value is string {
  return value !== undefined && /^[A-Za-z0-9+/]{22}==$/.test(value)
}

const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

class FrameSocket implements ServerSocket {
  readonly closed: Promise<void>
  onText: ((text: string) => void) | undefined
  onSign: (() => void) | undefined
  readonly #socket: Duplex
  readonly #frames: ClientFrames

  constructor(socket: Duplex, frames: ClientFrames, head: Uint8Array | undefined) {
    this.#socket = socket
    this.#frames = frames
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => socket.end())
    // Whoever accepts says first what should become of messages.
    if (head !== undefined && head.length > 0) queueMicrotask(() => this.#receive(head))
  }

  get buffered(): number {
    return this.#socket.writableLength
  }

  drained(): Promise<void> {
    if (this.#socket.destroyed || this.#socket.writableLength === 0) return Promise.resolve()
    const drain = new Promise<void>((resolve) => this.#socket.once('drain', () => resolve()))
    return Promise.race([drain, this.closed])
  }

  send(message: Uint8Array): boolean {
    return this.#write(opcodes.binary, message)
  }

  sendText(message: string): boolean {
    return this.#write(opcodes.text, Buffer.from(message))
  }

  ping(): void {
    this.#write(opcodes.ping, new Uint8Array())
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

  #receive(chunk: Uint8Array): void {
    this.onSign?.()
    try {
      for (const message of this.#frames.read(chunk)) this.#take(message)
    } catch (error) {
      if (!(error instanceof FrameFault)) throw error
      // Nothing that follows can be told from what should end.
      this.#socket.removeAllListeners('data')
      this.#socket.resume()
      this.close(error.status)
    }
  }

  #take(message: ClientMessage): void {
    if (message.kind === 'text') this.onText?.(message.text)
    else if (message.kind === 'ping') this.#write(opcodes.pong, message.payload)
    else if (message.kind === 'close') this.close(1000)
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
