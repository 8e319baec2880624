import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from './concat-bytes.ts'
import { decompress } from './decompress.ts'

const text = Buffer.from('a line of a log file that repeats itself\n'.repeat(500))
const limit = text.length
const packers = { zstd: zstdCompressSync, gzip: gzipSync } as const
const formats = ['zstd', 'gzip'] as const
const skippableFrame = Uint8Array.of(0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3)

describe.each(formats)('decompress %s', (format) => {
  const pack = packers[format]

  it('unpacks up to exactly the limit', () => {
    expect(decompress(pack(text), { limit })).toEqual(text)
    expect(decompress(pack(new Uint8Array(0)), { limit: 0 })).toHaveLength(0)
  })

  it('refuses one byte more', () => {
    expect(() => decompress(pack(text), { limit: limit - 1 })).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_DECOMPRESSION_LIMIT', details: { format, limit: limit - 1 } }),
    )
    expect(() => decompress(pack(text), { limit: 0 })).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_DECOMPRESSION_LIMIT' }),
    )
    expect(() => decompress(pack(Buffer.from('x')), { limit: 0 })).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_DECOMPRESSION_LIMIT' }),
    )
  })

  it('stops a bomb of 200 MB without unpacking it', () => {
    const bomb = pack(new Uint8Array(200_000_000))
    const before = process.memoryUsage().rss
    expect(() => decompress(bomb, { limit: 1_000_000 })).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_DECOMPRESSION_LIMIT' }),
    )
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
  })

  it('unpacks every frame of an input, whatever their sizes', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(sizes, (lengths) => {
        const parts = lengths.map((length, index) => new Uint8Array(length).fill(index + 65))
        const whole = concatBytes(parts)
        const packed = concatBytes(parts.map((part) => pack(part)))
        expect(Buffer.compare(decompress(packed, { limit: whole.length }), whole)).toBe(0)
        if (whole.length > 0)
          expect(() => decompress(packed, { limit: whole.length - 1 })).toThrow(
            expect.objectContaining({ code: 'CORE_BYTES_DECOMPRESSION_LIMIT' }),
          )
      }),
      { numRuns: 200 },
    )
  })

  it('refuses an input that is cut anywhere', () => {
    const packed = concatBytes([pack(text), pack(Buffer.from('second'))])
    const firstEnd = pack(text).length
    for (let length = 0; length < packed.length; length++) {
      if (length === firstEnd) continue
      expect(() => decompress(packed.subarray(0, length), { limit, format }), `cut at ${length}`).toThrow(
        expect.objectContaining({ code: 'CORE_BYTES_COMPRESSION_INVALID' }),
      )
    }
  })

  it('refuses what follows the last frame', () => {
    const packed = concatBytes([pack(text), Buffer.from('rubbish')])
    expect(() => decompress(packed, { limit })).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_COMPRESSION_INVALID', retryable: false }),
    )
  })
})

describe('decompress', () => {
  it('passes over skippable zstd frames, first, between and last', () => {
    const packed = concatBytes([
      skippableFrame,
      zstdCompressSync('one '),
      skippableFrame,
      zstdCompressSync('two'),
      skippableFrame,
    ])
    expect(new TextDecoder().decode(decompress(packed, { limit: 7 }))).toBe('one two')
    expect(() => decompress(packed.subarray(0, -1), { limit: 7 })).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_COMPRESSION_INVALID' }),
    )
  })

  it('believes no declared size: a frame that claims 4 GiB is refused before any work', () => {
    const lying = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0)
    expect(() => decompress(lying, { limit: 1_000 })).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_DECOMPRESSION_LIMIT' }),
    )
  })

  it('takes no limit that is not a number of bytes, and any that is', () => {
    const packed = gzipSync('x')
    for (const wrong of [-1, Number.NaN])
      expect(() => decompress(packed, { limit: wrong })).toThrow(
        expect.objectContaining({ code: 'CORE_BYTES_LIMIT_INVALID' }),
      )
    expect(decompress(packed, { limit: Infinity })).toHaveLength(1)
  })

  it('asks for a known format', () => {
    for (const bytes of [new Uint8Array(0), Buffer.from('plain text'), Uint8Array.of(0x1f)])
      expect(() => decompress(bytes, { limit: 10 })).toThrow(
        expect.objectContaining({ code: 'CORE_BYTES_COMPRESSION_UNKNOWN' }),
      )
  })

  it('refuses the other format when one is named', () => {
    expect(() => decompress(gzipSync('x'), { limit: 10, format: 'zstd' })).toThrow('The zstd data is damaged')
    expect(() => decompress(zstdCompressSync('x'), { limit: 10, format: 'gzip' })).toThrow('The gzip data is damaged')
  })
})

describe('decompress zlib', () => {
  const unpack = (bytes: Uint8Array, most: number): Uint8Array => decompress(bytes, { limit: most, format: 'zlib' })

  it('unpacks up to exactly the limit', () => {
    const contents = fc.uint8Array({ maxLength: 5_000 })
    fc.assert(
      fc.property(contents, (content) => {
        const packed = deflateSync(content)
        expect(Buffer.compare(unpack(packed, content.length), content)).toBe(0)
        expect(Buffer.compare(unpack(packed, Infinity), content)).toBe(0)
        if (content.length > 0)
          expect(() => unpack(packed, content.length - 1)).toThrow(
            expect.objectContaining({ code: 'CORE_BYTES_DECOMPRESSION_LIMIT' }),
          )
      }),
      { numRuns: 200 },
    )
  })

  it('stops a bomb of 200 MB without unpacking it', () => {
    const bomb = deflateSync(new Uint8Array(200_000_000))
    const before = process.memoryUsage().rss
    expect(() => unpack(bomb, 1_000_000)).toThrow(expect.objectContaining({ code: 'CORE_BYTES_DECOMPRESSION_LIMIT' }))
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
  })

  it('refuses an input that is cut anywhere, that goes on after its end, or whose checksum is wrong', () => {
    const packed = deflateSync(text)
    const wrong = packed.slice()
    wrong[packed.length - 1]! ^= 1
    const bad = [concatBytes([packed, Uint8Array.of(0)]), concatBytes([packed, packed]), wrong]
    for (let length = 0; length < packed.length; length++) bad.push(packed.subarray(0, length))
    for (const bytes of bad)
      expect(() => unpack(bytes, limit)).toThrow(expect.objectContaining({ code: 'CORE_BYTES_COMPRESSION_INVALID' }))
  })

  it('refuses raw deflate and gzip', () => {
    for (const bytes of [gzipSync(text), deflateSync(text).subarray(2)])
      expect(() => unpack(bytes, limit)).toThrow('The zlib data is damaged')
  })
})
