import { createDecipheriv, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../bytes/concat-bytes.ts'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { open } from './open.ts'
import { openStream } from './open-stream.ts'
import { seal } from './seal.ts'
import { sealStream } from './seal-stream.ts'
import { collect, content, knownKeyring, knownSecret, parts } from './known-keyring.fixture.ts'

const keyring = knownKeyring()
const chunkSize = 1024
const boundaries = [0, 1, 1023, 1024, 1025, 2047, 2048, 2049, 5000]

/** The documented format, written a second time from its description. */
function openByDescription(sealed: Uint8Array, secret: Uint8Array, context: string): Buffer {
  const bytes = Buffer.from(sealed)
  expect(bytes.subarray(0, 4)).toEqual(Buffer.from([0x45, 0x58, 0x53, 0x01]))
  const size = 2 ** bytes[4]!
  const headerEnd = 6 + bytes[5]! + 32
  const header = bytes.subarray(0, headerEnd)
  const info = Buffer.concat([Buffer.from('exprsn sealed message v1\0'), header])
  const derived = Buffer.from(hkdfSync('sha256', secret, header.subarray(headerEnd - 32), info, 39))
  const plain: Buffer[] = []
  for (let at = headerEnd, index = 0; at < bytes.length; at += size + 16, index++) {
    const chunk = bytes.subarray(at, at + size + 16)
    const last = at + size + 16 >= bytes.length ? 1 : 0
    const nonce = Buffer.concat([derived.subarray(32), Buffer.alloc(5)])
    nonce.writeUInt32BE(index, 7)
    nonce[11] = last
    const decipher = createDecipheriv('aes-256-gcm', derived.subarray(0, 32), nonce, { authTagLength: 16 })
    decipher.setAAD(Buffer.concat([header, Buffer.from(context)]))
    decipher.setAuthTag(chunk.subarray(-16))
    plain.push(decipher.update(chunk.subarray(0, -16)), decipher.final())
  }
  return Buffer.concat(plain)
}

describe('seal and open', () => {
  it.each(boundaries)('give back %i bytes', async (size) => {
    const plain = content(size)
    const sealed = await seal(plain, { keyring, chunkSize, context: 'a' })
    expect(await open(sealed, { keyring, context: 'a' })).toEqual(plain)
    expect(sealed.length).toBe(6 + 4 + 32 + size + 16 * Math.max(1, Math.ceil(size / chunkSize)))
  })

  it.each([0, 1, 65_535, 65_536, 65_537, 200_000])('use chunks of 64 KiB for %i bytes', async (size) => {
    const sealed = await seal(content(size), { keyring })
    expect(sealed[4]).toBe(16)
    expect(await open(sealed, { keyring })).toEqual(content(size))
  })

  it.each(boundaries)('write the documented format for %i bytes', async (size) => {
    const secret = knownSecret('main')
    const sealed = await seal(content(size), { keyring, chunkSize, context: 'invoice 7' })
    expect(openByDescription(sealed, secret, 'invoice 7')).toEqual(Buffer.from(content(size)))
  })

  it('do not depend on how the bytes arrive, on either side', async () => {
    const cuts = fc.array(fc.nat(6000), { maxLength: 12 })
    const property = fc.asyncProperty(fc.nat(6000), cuts, cuts, async (size, cutsIn, cutsOut) => {
      const plain = content(size)
      const sealed = await collect(
        sealStream(cutAt(plain, cutsIn), { keyring, chunkSize, random: new SeededRandom(1) }),
      )
      expect(sealed).toEqual(await seal(plain, { keyring, chunkSize, random: new SeededRandom(1) }))
      expect(await collect(openStream(cutAt(sealed, cutsOut), { keyring }))).toEqual(plain)
    })
    await fc.assert(property, { numRuns: 200 })
  })

  it('give the memory of pieces back where that is asked for, and the same bytes', async () => {
    const cuts = fc.array(fc.nat(6000), { maxLength: 12 })
    const property = fc.asyncProperty(fc.nat(6000), cuts, async (size, cutsIn) => {
      const plain = content(size)
      const options = { keyring, chunkSize, release: true }
      const copied: Uint8Array[] = []
      const sealed = sealStream(cutAt(plain, cutsIn), { ...options, random: new SeededRandom(1) })
      for await (const piece of openStream(sealed, options)) copied.push(Uint8Array.from(piece))
      expect(concatBytes(copied)).toEqual(plain)
    })
    await fc.assert(property, { numRuns: 200 })
  })

  it.each([
    ['sealed', () => sealStream([content(5 * chunkSize)], { keyring, chunkSize, release: true })],
    [
      'opened',
      async () => openStream([await seal(content(5 * chunkSize), { keyring, chunkSize })], { keyring, release: true }),
    ],
  ])('keep what is %s until the next piece is asked for the second time, and no longer', async (_, stream) => {
    const given: Uint8Array[] = []
    const lengths: number[] = []
    for await (const piece of await stream()) {
      given.push(piece)
      lengths.push(piece.length)
      expect(given.slice(-2).map(({ length }) => length)).toEqual(lengths.slice(-2))
    }
    const released = given.filter(({ length }, index) => length !== lengths[index])
    expect(released.length).toBeGreaterThanOrEqual(3)
    expect(released.every(({ length }) => length === 0)).toBe(true)
  })

  it('leave pieces alone where that is not asked for', async () => {
    const given: Uint8Array[] = []
    for await (const piece of sealStream([content(5 * chunkSize)], { keyring, chunkSize })) given.push(piece)
    const opened: Uint8Array[] = []
    for await (const piece of openStream(given, { keyring })) opened.push(piece)
    expect(concatBytes(opened)).toEqual(content(5 * chunkSize))
    expect(given.every(({ length }) => length > 0)).toBe(true)
  })

  it('seal the same content differently each time', async () => {
    const [first, second] = [await seal(content(100), { keyring }), await seal(content(100), { keyring })]
    expect(first).not.toEqual(second)
    expect(Buffer.from(first).includes(Buffer.from(content(100).subarray(0, 16)))).toBe(false)
  })

  it('accept bytes as context, equal to its text', async () => {
    const sealed = await seal(content(10), { keyring, context: 'ü' })
    expect(await open(sealed, { keyring, context: Buffer.from('ü') })).toEqual(content(10))
  })

  it.each([0, 512, 1000, 2 ** 25, Number.NaN, -1024])('refuse a chunk size of %d', async (wrong) => {
    const attempt = seal(content(10), { keyring, chunkSize: wrong })
    await expect(attempt).rejects.toMatchObject({
      code: 'CORE_CRYPTO_OPTION_INVALID',
      details: { option: 'chunkSize' },
    })
  })
})

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [
    0,
    ...[...cuts].sort((left, right) => left - right).map((cut) => Math.min(cut, bytes.length)),
    bytes.length,
  ]
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end))
}

describe('a message that was changed', () => {
  const plain = content(chunkSize + 100)
  const sealing = seal(plain, { keyring, chunkSize, context: 'c' })
  const codeOf = (message: Uint8Array): Promise<unknown> =>
    open(message, { keyring, context: 'c' }).then(
      () => 'opened',
      (error: { code?: string }) => error.code ?? error,
    )

  it('is refused for every bit of two chunks, header and tags included', async () => {
    const sealed = await sealing
    const seen = new Set<string>()
    for (let at = 0; at < sealed.length; at++) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64, 128]) {
        sealed[at]! ^= bit
        seen.add(String(await codeOf(sealed)))
        sealed[at]! ^= bit
      }
    }
    expect([...seen].sort()).toEqual([
      'CORE_CRYPTO_KEY_UNKNOWN',
      'CORE_CRYPTO_NOT_SEALED',
      'CORE_CRYPTO_TAMPERED',
      'CORE_CRYPTO_VERSION_UNSUPPORTED',
    ])
    expect(await codeOf(sealed)).toBe('opened')
  })

  it('is refused with chunks of 64 KiB, too', async () => {
    const usual = await seal(content(65_536 + 30), { keyring, context: 'c' })
    const border = 6 + 4 + 32
    for (let at = 0; at < usual.length; at += at < border || at > border + 65_500 ? 1 : 997) {
      usual[at]! ^= 0x10
      expect(await codeOf(usual), `byte ${at}`).not.toBe('opened')
      usual[at]! ^= 0x10
    }
  })

  it.each([0, 1])('names chunk %i and its first byte', async (chunk) => {
    const sealed = Uint8Array.from(await sealing)
    const offset = 42 + chunk * (chunkSize + 16)
    sealed[offset + 50]! ^= 1
    const attempt = open(sealed, { keyring, context: 'c' })
    await expect(attempt).rejects.toMatchObject({ code: 'CORE_CRYPTO_TAMPERED', details: { chunk, offset } })
  })

  it('is refused at every length shorter than its own', async () => {
    const sealed = await sealing
    for (let length = 0; length < sealed.length; length++)
      expect(await codeOf(sealed.subarray(0, length)), `${length} bytes`).not.toBe('opened')
  })

  it('that was cut between chunks is called truncated, with the byte', async () => {
    const { header, chunks } = parts(await sealing, chunkSize)
    const attempt = open(concatBytes([header, chunks[0]!]), { keyring, context: 'c' })
    const offset = 42 + chunkSize + 16
    await expect(attempt).rejects.toMatchObject({ code: 'CORE_CRYPTO_TRUNCATED', details: { chunk: 0, offset } })
  })

  it('that was cut in the header or before a tag is called truncated', async () => {
    const sealed = await sealing
    for (const length of [0, 3, 20, 42, 50])
      expect(await codeOf(sealed.subarray(0, length))).toBe('CORE_CRYPTO_TRUNCATED')
  })

  it('that has something appended is called so', async () => {
    const whole = await seal(content(chunkSize), { keyring, chunkSize, context: 'c' })
    expect(await codeOf(concatBytes([whole, content(chunkSize)]))).toBe('CORE_CRYPTO_TRAILING_BYTES')
    expect(await codeOf(concatBytes([await sealing, content(1)]))).toBe('CORE_CRYPTO_TAMPERED')
    expect(await codeOf(concatBytes([whole, whole]))).toBe('CORE_CRYPTO_TRAILING_BYTES')
  })

  it('is refused with chunks swapped, doubled, left out, or taken from another message', async () => {
    const three = parts(await seal(content(3 * chunkSize), { keyring, chunkSize, context: 'c' }), chunkSize)
    const other = parts(await seal(content(3 * chunkSize), { keyring, chunkSize, context: 'c' }), chunkSize)
    const [first, second, third] = three.chunks as [Uint8Array, Uint8Array, Uint8Array]
    for (const chunks of [
      [second, first, third],
      [first, first, second, third],
      [first, second, second, third],
      [first, third],
      [third],
      [first, other.chunks[1]!, third],
      [first, second, third, third],
    ])
      expect(await codeOf(concatBytes([three.header, ...chunks]))).toMatch(/TAMPERED|TRUNCATED|TRAILING/)
    expect(await codeOf(concatBytes([other.header, ...three.chunks]))).toBe('CORE_CRYPTO_TAMPERED')
    expect(await codeOf(concatBytes([three.header, ...three.chunks]))).toBe('opened')
  })

  it.each(['', 'd', 'c ', 'cc'])('is refused in the context %j', async (context) => {
    await expect(open(await sealing, { keyring, context })).rejects.toMatchObject({ code: 'CORE_CRYPTO_TAMPERED' })
  })

  it('is refused by another key of the same name, and by a keyring without the key', async () => {
    const sealed = await sealing
    const { createKeyring } = await import('./create-keyring.ts')
    const imposter = createKeyring({ keys: [{ id: 'main', secret: content(32, 99) }] })
    await expect(open(sealed, { keyring: imposter, context: 'c' })).rejects.toMatchObject({
      code: 'CORE_CRYPTO_TAMPERED',
    })
    const stranger = knownKeyring('other')
    const attempt = open(sealed, { keyring: stranger, context: 'c' })
    await expect(attempt).rejects.toMatchObject({ code: 'CORE_CRYPTO_KEY_UNKNOWN', details: { id: 'main' } })
  })

  it.each([
    ['text', Buffer.from('hello, world, this is not sealed'), 'CORE_CRYPTO_NOT_SEALED'],
    ['a key name of 0 bytes', Uint8Array.of(0x45, 0x58, 0x53, 1, 16, 0), 'CORE_CRYPTO_NOT_SEALED'],
    ['a key name of 65 bytes', Uint8Array.of(0x45, 0x58, 0x53, 1, 16, 65), 'CORE_CRYPTO_NOT_SEALED'],
    ['a chunk size of 2²⁵', Uint8Array.of(0x45, 0x58, 0x53, 1, 25, 4), 'CORE_CRYPTO_NOT_SEALED'],
    ['version 2', Uint8Array.of(0x45, 0x58, 0x53, 2, 16, 4), 'CORE_CRYPTO_VERSION_UNSUPPORTED'],
    [
      'a key name with a line break',
      Buffer.concat([Uint8Array.of(0x45, 0x58, 0x53, 1, 16, 1, 10), Buffer.alloc(60)]),
      'CORE_CRYPTO_NOT_SEALED',
    ],
  ])('refuses %s', async (_, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code)
  })

  it('never opens random bytes behind a good header', async () => {
    const { header } = parts(await sealing, chunkSize)
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
      expect(await codeOf(concatBytes([header, bytes]))).toMatch(/^CORE_CRYPTO_(TAMPERED|TRUNCATED)$/)
    })
    await fc.assert(property, { numRuns: 200 })
  })
})

describe('openStream', () => {
  it('gives what was authenticated before it meets the fault, and nothing of the wrong chunk', async () => {
    const sealed = await seal(content(3 * chunkSize), { keyring, chunkSize })
    sealed[42 + 2 * (chunkSize + 16)]! ^= 1
    const got: Uint8Array[] = []
    const reading = (async () => {
      for await (const piece of openStream([sealed], { keyring })) got.push(piece)
    })()
    await expect(reading).rejects.toMatchObject({ code: 'CORE_CRYPTO_TAMPERED', details: { chunk: 2 } })
    expect(concatBytes(got)).toEqual(content(3 * chunkSize).subarray(0, 2 * chunkSize))
  })

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController()
    const source = async function* () {
      yield await seal(content(2 * chunkSize), { keyring, chunkSize })
      controller.abort(new Error('enough'))
      yield content(10)
    }
    await expect(collect(openStream(source(), { keyring, signal: controller.signal }))).rejects.toThrow('enough')
    await expect(collect(sealStream([content(1)], { keyring, signal: controller.signal }))).rejects.toThrow('enough')
  })

  it('passes on what the source throws, and closes the source when the reader leaves', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield content(5)
      throw new Error('source broke')
    }
    await expect(collect(sealStream(failing(), { keyring }))).rejects.toThrow('source broke')
    let closed = false
    const endless = async function* () {
      try {
        for (;;) yield content(chunkSize)
      } finally {
        closed = true
      }
    }
    for await (const piece of openStream(sealStream(endless(), { keyring, chunkSize }), { keyring })) {
      expect(piece.length).toBe(chunkSize)
      break
    }
    expect(closed).toBe(true)
  })

  it('holds no more than a few chunks of a long message', async () => {
    const endless = async function* () {
      for (let index = 0; index < 1000; index++) yield content(100, 5)
    }
    let largest = 0
    let total = 0
    for await (const piece of openStream(sealStream(endless(), { keyring, chunkSize }), { keyring })) {
      largest = Math.max(largest, piece.length)
      total += piece.length
    }
    expect([largest, total]).toEqual([chunkSize, 100_000])
  })
})
