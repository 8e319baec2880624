import { EventEmitter, once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { systemClock, type Clock } from '@exprsn/core'
import { temporaryFolder } from '@exprsn/real-servers/temporary-folder'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recyclingSocket } from './recycling-socket.ts'

function message(size: number, fill: number, type = 'd'): Buffer {
  const bytes = Buffer.alloc(5 + size, fill)
  bytes.write(type)
  bytes.writeUInt32BE(4 + size, 1)
  return bytes
}

/** Sends pieces one after the other and gives what was handed over, copied data apart if it is wanted. */
async function receive(pieces: readonly Buffer[], { apart = false, joined = false } = {}) {
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    void (async () => {
      for (const piece of pieces) {
        socket.write(piece)
        await setImmediate()
      }
      socket.end()
    })()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = recyclingSocket()
  const parsed: Buffer[] = []
  const copied: Buffer[] = []
  const counts: number[] = []
  const order: ('parsed' | 'copied')[] = []
  socket.on('data', (bytes: Buffer) => {
    parsed.push(Buffer.from(bytes))
    order.push('parsed')
  })
  socket.joinsCopyData = joined
  if (apart)
    socket.onCopyData = (payload, messages) => {
      copied.push(Buffer.from(payload))
      counts.push(messages)
      order.push('copied')
    }
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'close')
  server.close()
  return { parsed, copied, counts, order }
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = []
  let at = 0
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length]!
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

/** Splits bytes that hold whole messages; throws when one is cut. */
function messagesOf(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const next = at + 1 + bytes.readUInt32BE(at + 1)
    if (next > bytes.length) throw new Error(`a message of ${next - at} bytes is cut at ${bytes.length - at}`)
    messages.push(bytes.subarray(at, next))
    at = next
  }
  return messages
}

const messages = fc.array(
  fc.record({ type: fc.constantFrom('d', 'C', 'Z'), size: fc.integer({ min: 0, max: 3_000 }) }),
  { minLength: 1, maxLength: 20 },
)
const cuts = fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 5 })

describe('recyclingSocket', () => {
  it('hands over the same bytes in whole messages, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(messages, cuts, async (shapes, pieceSizes) => {
        const sent = shapes.map(({ type, size }, index) => message(size, index, type))
        const { parsed } = await receive(cut(Buffer.concat(sent), pieceSizes))
        expect(parsed.flatMap(messagesOf)).toEqual(sent)
      }),
      { numRuns: 60 },
    )
  })

  it('hands copied data past the parser, in the order of the messages', async () => {
    await fc.assert(
      fc.asyncProperty(messages, cuts, async (shapes, pieceSizes) => {
        const sent = shapes.map(({ type, size }, index) => message(size, index, type))
        const { parsed, copied, order } = await receive(cut(Buffer.concat(sent), pieceSizes), { apart: true })
        // An empty payload is not worth a call: the parser gets it.
        const isCopied = (bytes: Buffer): boolean => bytes[0] === 0x64 && bytes.length > 5
        expect(copied).toEqual(sent.filter(isCopied).map((bytes) => bytes.subarray(5)))
        expect(parsed.flatMap(messagesOf)).toEqual(sent.filter((bytes) => !isCopied(bytes)))
        const kinds = sent.map((bytes) => (isCopied(bytes) ? 'copied' : 'parsed'))
        expect(withoutRepeats(order)).toEqual(withoutRepeats(kinds))
      }),
      { numRuns: 60 },
    )
  })

  it('joins copied data that lies side by side, and tells of how many messages it is', async () => {
    let least = Infinity
    await fc.assert(
      fc.asyncProperty(messages, cuts, async (shapes, pieceSizes) => {
        const sent = shapes.map(({ type, size }, index) => message(size, index, type))
        const { parsed, copied, counts, order } = await receive(cut(Buffer.concat(sent), pieceSizes), {
          ...{ apart: true, joined: true },
        })
        const isCopied = (bytes: Buffer): boolean => bytes[0] === 0x64 && bytes.length > 5
        const payloads = sent.filter(isCopied).map((bytes) => bytes.subarray(5))
        expect(Buffer.concat(copied).equals(Buffer.concat(payloads))).toBe(true)
        // Whole messages, as many as were said.
        let next = 0
        for (const [index, joined] of copied.entries()) {
          const own = payloads.slice(next, (next += counts[index]!))
          expect(joined).toHaveLength(own.reduce((size, payload) => size + payload.length, 0))
        }
        expect(next).toBe(payloads.length)
        expect(parsed.flatMap(messagesOf)).toEqual(sent.filter((bytes) => !isCopied(bytes)))
        const kinds = sent.map((bytes) => (isCopied(bytes) ? 'copied' : 'parsed'))
        expect(withoutRepeats(order)).toEqual(withoutRepeats(kinds))
        least = Math.min(least, copied.length - payloads.length)
      }),
      { numRuns: 60 },
    )
    // Many came together at least once.
    expect(least).toBeLessThan(0)
  })

  it('takes a message larger than its buffer', async () => {
    const all = Buffer.concat([message(10, 1), message(900_000, 2), message(7, 3)])
    const { parsed } = await receive(cut(all, [100_000]))
    expect(Buffer.concat(parsed).equals(all)).toBe(true)
  })

  it('hands on what is not a message, for the parser to refuse', async () => {
    const odd = Buffer.from([0x64, 0, 0, 0, 1, 9, 9])
    const { parsed } = await receive([odd])
    expect(Buffer.concat(parsed)).toEqual(odd)
  })
})

describe('rests between reads', () => {
  it('are taken in a fast stream, of which nothing is lost', async () => {
    await using pair = await connected()
    const goOn = await pair.rest()
    const before = pair.socket.bytesRead
    await pair.send(5_000)
    await turns()
    expect(pair.socket.bytesRead).toBe(before)
    goOn()
    await pair.allTaken()
  })

  it('do not end a pause', async () => {
    await using pair = await connected()
    const goOn = await pair.rest()
    const before = pair.socket.bytesRead
    pair.socket.pause()
    goOn()
    await pair.send(5_000)
    await turns()
    expect(pair.socket.bytesRead).toBe(before)
    pair.socket.resume()
    await pair.allTaken()
  })

  it('are not taken of streams whose bytes are wanted at once', async () => {
    await using pair = await connected({ restsBetweenReads: false })
    await pair.send(2_000_000)
    await pair.allTaken()
    expect(pair.rests).toBe(0)
  })

  it('are not taken on a Unix socket', async () => {
    await using folder = await temporaryFolder()
    await using pair = await connected({ path: join(folder.path, 'socket') })
    await pair.send(2_000_000)
    await pair.allTaken()
    expect(pair.rests).toBe(0)
  })
})

/** A socket whose first rest ends when the test says so, and the other end of its connection. */
async function connected({ restsBetweenReads = true, path }: { restsBetweenReads?: boolean; path?: string } = {}) {
  const server = createServer().listen(path === undefined ? { port: 0, host: '127.0.0.1' } : { path })
  await once(server, 'listening')
  const begun = new EventEmitter()
  let rests = 0
  const setTimer: Clock['setTimer'] = (callback) => {
    rests++
    if (rests === 1) begun.emit('rest', callback)
    else void setImmediate().then(callback)
    return { cancel() {} }
  }
  const socket = recyclingSocket({ clock: { ...systemClock, setTimer } })
  socket.restsBetweenReads = restsBetweenReads
  let sent = 0
  let taken = 0
  socket.on('data', (bytes: Buffer) => {
    taken += bytes.length
    begun.emit('taken')
  })
  if (path === undefined) socket.connect((server.address() as AddressInfo).port, '127.0.0.1')
  else socket.connect(path)
  const [peer] = (await once(server, 'connection')) as [Socket]
  const send = (size: number): Promise<void> => {
    sent += 5 + size
    return new Promise((resolve) => peer.write(message(size, 1), () => resolve()))
  }
  return {
    socket,
    send,
    get rests() {
      return rests
    },
    /** Sends until a rest begins; gives what ends it. */
    async rest(): Promise<() => void> {
      const resting = once(begun, 'rest')
      while (rests === 0) {
        await send(50_000)
        await turns()
      }
      return (await resting)[0] as () => void
    },
    async allTaken(): Promise<void> {
      while (taken < sent) await once(begun, 'taken')
      expect(taken).toBe(sent)
    },
    async [Symbol.asyncDispose]() {
      socket.destroy()
      peer.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Several turns of the event loop, in each of which sockets are read. */
async function turns(): Promise<void> {
  for (let count = 0; count < 10; count++) await setImmediate()
}

function withoutRepeats(kinds: readonly string[]): string[] {
  return kinds.filter((kind, index) => kind !== kinds[index - 1])
}
