import { createSocket, type Socket } from 'node:dgram'
import { createServer, type Server } from 'node:net'
import { systemRandom } from '@exprsn/core'
import { SimulatedClock, SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { decodeTxtResponse, encodeTxtQuery } from './dns-message.ts'
import { createTxtResolver } from './txt-resolver.ts'

const open: (Socket | Server)[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise<void>((resolve) => void server.close(() => resolve()))))
})

const name = '_atproto.alice.example.com'
const encoded = (text: string): number[] =>
  text
    .split('.')
    .flatMap((label) => [label.length, ...Buffer.from(label)])
    .concat(0)
const u16 = (value: number): number[] => [value >> 8, value & 255]
const u32 = (value: number): number[] => [...u16(Math.floor(value / 65_536)), ...u16(value % 65_536)]
const record = (owner: number[], type: number, ttl: number, data: number[]): number[] => [
  ...owner,
  ...u16(type),
  ...u16(1),
  ...u32(ttl),
  ...u16(data.length),
  ...data,
]
const pieces = (text: string): number[] =>
  (text.match(/.{1,255}/g) ?? []).flatMap((piece) => [piece.length, ...Buffer.from(piece, 'latin1')])
/** To the name in the question. */
const same = [0xc0, 12]

interface Reply {
  readonly code?: number
  readonly truncated?: boolean
  readonly answers?: readonly number[][]
  readonly authorities?: readonly number[][]
}

function respond(query: Uint8Array, { code = 0, truncated = false, answers = [], authorities = [] }: Reply): Buffer {
  const flags = 0x8180 | code | (truncated ? 0x200 : 0)
  const head = [...query.subarray(0, 2), ...u16(flags), 0, 1, ...u16(answers.length), ...u16(authorities.length), 0, 0]
  return Buffer.from([...head, ...query.subarray(12), ...answers.flat(), ...authorities.flat()])
}

/** A name server on a port of its own. */
async function nameServer(answer: (query: Buffer, number: number) => readonly Buffer[]): Promise<string> {
  const socket = createSocket('udp4')
  open.push(socket)
  let number = 0
  socket.on('message', (query, { port, address }) => {
    for (const reply of answer(query, number++)) socket.send(reply, port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return `127.0.0.1:${socket.address().port}`
}

const resolverOf = (...servers: string[]) => createTxtResolver({ servers, timeout: '100ms' })

describe('over the network', () => {
  it('gives the texts and how long they hold', async () => {
    const long = 'did=did:plc:'.padEnd(600, 'a')
    const answers = [record(same, 16, 300, pieces('did=did:plc:abc')), record(same, 16, 120, pieces(long))]
    const resolveTxt = resolverOf(await nameServer((query) => [respond(query, { answers })]))
    expect(await resolveTxt(name)).toEqual({ records: ['did=did:plc:abc', long], ttl: 120 })
  })

  it('follows aliases, for as long as the shortest of them holds', async () => {
    const answers = [
      record(same, 5, 60, encoded('middle.example.net')),
      record(encoded('MIDDLE.example.net'), 5, 30, encoded('end.example.net')),
      record(encoded('end.example.net'), 16, 3600, pieces('did=did:web:a.example.com')),
      record(encoded('other.example.net'), 16, 1, pieces('did=did:web:mallory.example.com')),
    ]
    const resolveTxt = resolverOf(await nameServer((query) => [respond(query, { answers })]))
    expect(await resolveTxt(name)).toEqual({ records: ['did=did:web:a.example.com'], ttl: 30 })
  })

  it('gives nothing for names that are not there, for as long as their zone says', async () => {
    const soa = record(encoded('example.com'), 6, 900, [
      ...encoded('ns.example.com'),
      ...encoded('a.example.com'),
      ...u32(1),
      ...u32(2),
      ...u32(3),
      ...u32(4),
      ...u32(45),
    ])
    for (const code of [0, 3]) {
      const resolveTxt = resolverOf(await nameServer((query) => [respond(query, { code, authorities: [soa] })]))
      expect(await resolveTxt(name)).toEqual({ records: [], ttl: 45 })
    }
  })

  it('asks over TCP what does not fit', async () => {
    const answers = [record(same, 16, 5, pieces('did=did:plc:long'))]
    const tcp = createServer((socket) => {
      socket.on('data', (bytes) => {
        const reply = respond(bytes.subarray(2) as Buffer, { answers })
        // In two parts, as networks do.
        socket.write(Buffer.concat([Buffer.from(u16(reply.length)), reply.subarray(0, 10)]))
        setTimeout(() => socket.end(reply.subarray(10)), 5)
      })
    })
    open.push(tcp)
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
    const { port } = tcp.address() as { port: number }
    const udp = createSocket('udp4')
    open.push(udp)
    udp.on('message', (query, from) => udp.send(respond(query, { truncated: true }), from.port, from.address))
    await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve))
    expect(await resolverOf(`127.0.0.1:${port}`)(name)).toEqual({ records: ['did=did:plc:long'], ttl: 5 })
  })

  it('ignores answers to other questions, and takes the right one behind them', async () => {
    const right = { answers: [record(same, 16, 5, pieces('right'))] }
    const wrong = { answers: [record(same, 16, 5, pieces('wrong'))] }
    const server = await nameServer((query) => {
      const otherId = Buffer.from(query)
      otherId[0]! ^= 1
      const otherName = Buffer.from(query)
      otherName[14]! ^= 1
      const question = respond(query, wrong)
      question[2]! &= 0x7f
      return [
        Buffer.alloc(0),
        Buffer.alloc(5),
        respond(otherId, wrong),
        respond(otherName, wrong),
        question,
        respond(query, right),
      ]
    })
    expect((await resolverOf(server)(name)).records).toEqual(['right'])
  })

  it('asks the next server, and again, before it gives up', async () => {
    const good = await nameServer((query, number) =>
      number === 0 ? [] : [respond(query, { answers: [record(same, 16, 9, pieces('a'))] })],
    )
    const refusing = await nameServer((query) => [respond(query, { code: 5 })])
    expect((await resolverOf(refusing, good)(name)).records).toEqual(['a'])
  })

  it('says why there is no answer', async () => {
    const refusing = await nameServer((query) => [respond(query, { code: 2 })])
    const silent = await nameServer(() => [])
    const failed = (reason: RegExp) =>
      expect.objectContaining({ code: 'ATPROTO_DNS_FAILED', message: expect.stringMatching(reason) })
    await expect(resolverOf(refusing)(name)).rejects.toThrow(failed(/code 2/))
    await expect(resolverOf(silent)(name)).rejects.toThrow(failed(/100 ms/))
    await expect(resolverOf()(name)).rejects.toThrow(failed(/no name server/))
    await expect(resolverOf('127.0.0.1:1')(name)).rejects.toThrow(failed(/./))
  })

  it('stops when the caller does', async () => {
    const silent = await nameServer(() => [])
    const resolveTxt = createTxtResolver({ servers: [silent], timeout: '1h' })
    const stopping = new AbortController()
    const asked = resolveTxt(name, { signal: stopping.signal })
    setTimeout(() => stopping.abort(new Error('enough')), 10)
    await expect(asked).rejects.toThrow('enough')
    await expect(resolveTxt(name, { signal: stopping.signal })).rejects.toThrow('enough')
  })

  it('waits by the clock it is given', async () => {
    const clock = new SimulatedClock()
    const resolveTxt = createTxtResolver({ servers: [await nameServer(() => [])], rounds: 1, clock })
    const asked = resolveTxt(name).catch((error: Error) => error.message)
    await new Promise((resolve) => setTimeout(resolve, 20))
    await clock.advanceBy(2000)
    expect(await asked).toMatch(/2000 ms/)
  })
})

describe('messages', () => {
  const { id, bytes: query } = encodeTxtQuery(name, systemRandom)

  it('asks with an id that is drawn', () => {
    const random = new SeededRandom(1)
    expect(new Set(Array.from({ length: 50 }, () => encodeTxtQuery(name, random).id)).size).toBeGreaterThan(45)
  })

  it.each([
    ['a name that leads to itself', [record([0xc0, 12 + name.length + 6], 16, 1, pieces('a'))]],
    ['a name that leads forward', [record([0xc0, 200], 16, 1, pieces('a'))]],
    ['a label of an unknown kind', [record([0x80, 0], 16, 1, pieces('a'))]],
    ['a record that ends early', [record(same, 16, 1, pieces('a')).slice(0, -1)]],
    ['a text that goes beyond its record', [record(same, 16, 1, [9, 97])]],
  ])('refuses %s', (_, answers) => {
    expect(decodeTxtResponse(respond(query, { answers }), name, id)).toBeUndefined()
  })

  it('is not led in a circle by aliases', () => {
    const answers = [record(same, 5, 9, encoded('b.example')), record(encoded('b.example'), 5, 9, [0xc0, 12])]
    expect(decodeTxtResponse(respond(query, { answers }), name, id)?.records).toEqual([])
  })

  it('takes a time to live with the top bit as none', () => {
    const answers = [record(same, 16, 0x8000_0001, pieces('a'))]
    expect(decodeTxtResponse(respond(query, { answers }), name, id)?.ttl).toBe(0)
  })

  it('survives any bytes, and any damage to an answer', () => {
    const answers = [
      record(same, 5, 60, encoded('b.example')),
      record(encoded('b.example'), 16, 9, pieces('did=did:plc:a')),
    ]
    const good = respond(query, { answers })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(good.length - 1), fc.nat(255), (junk, position, byte) => {
        decodeTxtResponse(junk, name, id)
        const damaged = Buffer.from(good)
        damaged[position] = byte
        const read = decodeTxtResponse(damaged, name, id)
        expect(read === undefined || Array.isArray(read.records)).toBe(true)
        expect(decodeTxtResponse(good.subarray(0, position), name, id)).toBeUndefined()
      }),
      { numRuns: 2000 },
    )
  })
})
