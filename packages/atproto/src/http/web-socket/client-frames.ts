/** What a client has said. */
export type ClientMessage =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'ping' | 'pong'; readonly payload: Uint8Array }
  | { readonly kind: 'close' }

/** What ends a conversation: a client that does not keep to RFC 6455, or says more than is taken. */
export class FrameFault extends Error {
  /** The code of the closing frame (RFC 6455, section 7.4.1). */
  readonly status: number

  constructor(status: number) {
    super(`closed with ${status}`)
    this.status = status
  }
}

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const
const protocolError = 1002
const tooBig = 1009

/** Reads what a client sends, frame by frame (RFC 6455, section 5.2), whole messages of text and what controls the connection. */
export class ClientFrames {
  readonly #maximum: number
  #rest: Buffer = Buffer.alloc(0)
  /** Parts of a message that goes on; undefined between messages. */
  #parts: Buffer[] | undefined
  /** Bytes of the parts. */
  #size = 0
  #isText = false

  /** @param maximum most bytes of a message */
  constructor(maximum: number) {
    this.#maximum = maximum
  }

  /**
   * Takes bytes as they come.
   *
   * @throws {@link FrameFault}
   */
  *read(chunk: Uint8Array): Generator<ClientMessage, void, undefined> {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk])
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      const message = this.#messageOf(frame)
      if (message !== undefined) yield message
    }
  }

  #next(): ClientFrame | undefined {
    const frame = clientFrame(this.#rest, this.#maximum)
    if (frame !== undefined) this.#rest = this.#rest.subarray(frame.length)
    return frame
  }

  #messageOf({ opcode, isLast, payload }: ClientFrame): ClientMessage | undefined {
    switch (opcode) {
      case opcodes.close:
        return { kind: 'close' }
      case opcodes.ping:
        return { kind: 'ping', payload }
      case opcodes.pong:
        return { kind: 'pong', payload }
      case opcodes.continuation:
        if (this.#parts === undefined) throw new FrameFault(protocolError)
        break
      case opcodes.text:
      case opcodes.binary:
        if (this.#parts !== undefined) throw new FrameFault(protocolError)
        this.#parts = []
        this.#size = 0
        this.#isText = opcode === opcodes.text
        break
      default:
        throw new FrameFault(protocolError)
    }
    this.#size += payload.length
    if (this.#size > this.#maximum) throw new FrameFault(tooBig)
    // An empty part says nothing, and may come any number of times.
    if (payload.length > 0) this.#parts.push(payload)
    if (!isLast) return undefined
    const whole = Buffer.concat(this.#parts)
    this.#parts = undefined
    // Nobody here takes bytes from a client.
    return this.#isText ? { kind: 'text', text: whole.toString() } : undefined
  }
}

interface ClientFrame {
  readonly opcode: number
  readonly isLast: boolean
  readonly payload: Buffer
  /** Of the whole frame. */
  readonly length: number
}

/** The first frame of what a client sent, which is always masked; undefined until all of it is there. */
function clientFrame(bytes: Buffer, maximum: number): ClientFrame | undefined {
  if (bytes.length < 2) return undefined
  const [first, second] = [bytes[0]!, bytes[1]!]
  const opcode = first & 0x0f
  const isLast = (first & 0x80) !== 0
  const short = second & 0x7f
  const isControl = opcode >= opcodes.close
  if ((first & 0x70) !== 0 || (second & 0x80) === 0) throw new FrameFault(protocolError)
  if (isControl && (short > 125 || !isLast)) throw new FrameFault(protocolError)
  const start = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < start) return undefined
  const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (!isControl && size > maximum) throw new FrameFault(tooBig)
  const length = start + 4 + size
  if (bytes.length < length) return undefined
  const mask = bytes.subarray(start, start + 4)
  const payload = Buffer.from(bytes.subarray(start + 4, length))
  for (let index = 0; index < payload.length; index++) payload[index]! ^= mask[index % 4]!
  return { opcode, isLast, payload, length }
}
