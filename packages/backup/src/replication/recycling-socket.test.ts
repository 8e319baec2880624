import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endOfWholeMessages, recyclingSocket } from './recycling-socket.ts'

function message(size: number, fill: number): Buffer {
  const bytes = Buffer.alloc(5 + size, fill)
  bytes.write('d')
  bytes.writeUInt32BE(4 + size, 1)
  return bytes
}

/** Sends pieces one after the other and gives what `data` handed over. */
async function receive(pieces: readonly Buffer[]): Promise<Buffer[]> {
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    void (async () => {
      for (const piece of pieces) {
        socket.write(piece)
        await new Promise((resolve) => setImmediate(resolve))
      }
      socket.end()
    })()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = recyclingSocket()
  const got: Buffer[] = []
  socket.on('data', (bytes: Buffer) => void got.push(Buffer.from(bytes)))
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'close')
  server.close()
  return got
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

describe('recyclingSocket', () => {
  it('hands over the same bytes in whole messages, however they are cut', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 20 })
    const cuts = fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(sizes, cuts, async (messageSizes, pieceSizes) => {
        const all = Buffer.concat(messageSizes.map((size, index) => message(size, index)))
        const got = await receive(cut(all, pieceSizes))
        expect(Buffer.concat(got).equals(all)).toBe(true)
        for (const bytes of got) expect(endOfWholeMessages(bytes, bytes.length)).toBe(bytes.length)
      }),
      { numRuns: 60 },
    )
  })

  it('takes a message larger than its buffer', async () => {
    const all = Buffer.concat([message(10, 1), message(900_000, 2), message(7, 3)])
    expect(Buffer.concat(await receive(cut(all, [100_000]))).equals(all)).toBe(true)
  })

  it('hands on what is not a message, for the parser to refuse', async () => {
    const all = Buffer.from('HTTP\u0000\u0000\u0000\u0000')
    const odd = Buffer.from([0x64, 0, 0, 0, 1, 9, 9])
    expect(Buffer.concat(await receive([odd])).equals(odd)).toBe(true)
    expect(endOfWholeMessages(all, all.length)).toBe(0)
  })
})
