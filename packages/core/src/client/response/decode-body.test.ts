import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBody } from './decode-body.ts'

const packers = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const
type Coding = keyof typeof packers

async function* pieces(bytes: Uint8Array, size: number) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

async function decode(bytes: Uint8Array, codings: string, size = 1_000): Promise<Buffer> {
  const parts = []
  for await (const part of decodeBody(pieces(bytes, size), codings, 'https://a.test')) parts.push(part)
  return Buffer.concat(parts)
}

const invalid = expect.objectContaining({ code: 'CORE_CLIENT_RESPONSE_INVALID' }) as Error

describe('decodeBody', () => {
  it('undoes any coding, however the bytes arrive', async () => {
    const codings = fc.array(fc.constantFrom(...(Object.keys(packers) as Coding[])), { minLength: 1, maxLength: 2 })
    await fc.assert(
      fc.asyncProperty(
        codings,
        fc.uint8Array({ maxLength: 2_000 }),
        fc.integer({ min: 1, max: 500 }),
        async (names, content, size) => {
          const packed = names.reduce<Uint8Array>((bytes, name) => packers[name](bytes), content)
          expect(await decode(packed, names.join(', '), size)).toEqual(Buffer.from(content))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('takes bare DEFLATE data, identity, any case, and an empty body', async () => {
    expect(String(await decode(deflateRawSync('bare'), 'Deflate'))).toBe('bare')
    expect(String(await decode(Buffer.from('as is'), 'identity'))).toBe('as is')
    expect(String(await decode(gzipSync('x'), ' GZIP , identity'))).toBe('x')
    expect(await decode(Buffer.alloc(0), 'gzip')).toHaveLength(0)
  })

  it('refuses unknown codings and long chains of them', () => {
    for (const codings of ['compress', 'gzip, gzip, gzip', 'constructor', '__proto__', 'toString'])
      expect(() => decodeBody(pieces(new Uint8Array(1), 1), codings, 'https://a.test')).toThrow(invalid)
  })

  it('never takes cut data for whole', async () => {
    const content = Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 7919) % 251))
    for (const [name, pack] of Object.entries(packers)) {
      const packed = pack(content)
      for (let length = 1; length < packed.length; length += 7)
        await expect(decode(packed.subarray(0, length), name)).rejects.toThrow(invalid)
    }
  })

  it('refuses damaged data or gives other bytes, but never hangs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(packers) as Coding[])),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (name, at, flip) => {
          const packed = Uint8Array.from(packers[name]('some content to be damaged '.repeat(20)))
          packed[at % packed.length]! ^= flip
          await decode(packed, name).catch((error) => expect(error).toEqual(invalid))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('does not drop what follows a zstd frame in silence', async () => {
    const two = Buffer.concat([zstdCompressSync('one'), zstdCompressSync('two')])
    await expect(decode(two, 'zstd')).rejects.toThrow(invalid)
  })

  it('passes on what goes wrong with the bytes, and closes their source when the reader stops', async () => {
    let closed = false
    const packed = gzipSync(Buffer.alloc(1_000_000))
    async function* source(end = 'lost') {
      try {
        yield packed.subarray(0, 100)
        yield packed.subarray(100)
        if (end === 'lost') throw new Error(end)
      } finally {
        closed = true
      }
    }
    await expect(
      (async () => {
        for await (const _ of decodeBody(source(), 'gzip', 'x'));
      })(),
    ).rejects.toThrow('lost')
    expect(closed).toBe(true)
    closed = false
    for await (const _ of decodeBody(source('quiet'), 'gzip', 'x')) break
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(closed).toBe(true)
  })
})
