import fc from 'fast-check'
import snappyjs from 'snappyjs'
import { describe, expect, it } from 'vitest'
import { fuzz } from '../testing/fuzz/fuzz.ts'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { crc64 } from './crc64.ts'
import { fromHex } from './hex.ts'
import { lzfCompress, lzfDecompress } from './lzf.ts'
import { snappyCompress, snappyDecompress } from './snappy-block.ts'
import { snappyFrame, snappyUnframe } from './snappy-frame.ts'

const limit = 10_000_000
const code = (expected: string): unknown => expect.objectContaining({ code: expected })

/** Bytes that repeat themselves, near and far, and some that do not. */
const repetitive = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 60 })), { maxLength: 12 })
  .map((pieces) =>
    Uint8Array.from(pieces.flatMap(([piece, times]) => Array.from({ length: times }, () => [...piece]).flat())),
  )

const samples = [
  new Uint8Array(0),
  Buffer.from('abc'),
  Buffer.from('abcabcabcabcabcabc'.repeat(500)),
  new Uint8Array(200_000),
  new SeededRandom(4).bytes(150_000),
  Buffer.from(Array.from({ length: 9_000 }, (_, index) => `line ${index % 97} of ${index}\n`).join('')),
]

describe('snappy', () => {
  it.each(samples.map((sample, index) => [index, sample] as const))(
    'agrees with snappyjs on sample %i',
    (_, sample) => {
      const packed = snappyCompress(sample)
      expect(Buffer.from(snappyjs.uncompress(packed)).equals(sample)).toBe(true)
      expect(Buffer.from(snappyDecompress(snappyjs.compress(new Uint8Array(sample)), { limit })).equals(sample)).toBe(
        true,
      )
      expect(packed.length).toBeLessThanOrEqual(32 + sample.length + sample.length / 6)
    },
  )

  it('gives back what it was given', () => {
    fc.assert(
      fc.property(repetitive, (bytes) => {
        const packed = snappyCompress(bytes)
        expect(Buffer.from(snappyDecompress(packed, { limit })).equals(bytes)).toBe(true)
        expect(Buffer.from(snappyjs.uncompress(packed)).equals(bytes)).toBe(true)
        expect(Buffer.from(snappyUnframe(snappyFrame(bytes), { limit })).equals(bytes)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('compresses what repeats', () => {
    expect(snappyCompress(samples[3]!).length).toBeLessThan(samples[3]!.length / 15)
    expect(snappyCompress(samples[5]!).length).toBeLessThan(samples[5]!.length / 2)
  })

  it('refuses more than the limit before it takes the memory, and sizes that cannot be', () => {
    expect(() => snappyDecompress(snappyCompress(new Uint8Array(1_000)), { limit: 999 })).toThrow(
      code('CORE_BYTES_DECOMPRESSION_LIMIT'),
    )
    const huge = fromHex('ffffffff0f00')
    expect(() => snappyDecompress(huge, { limit: 2 ** 32 })).toThrow(code('CORE_BYTES_COMPRESSION_INVALID'))
    expect(() => snappyDecompress(huge, { limit: -1 })).toThrow(code('CORE_BYTES_LIMIT_INVALID'))
    expect(() => snappyUnframe(snappyFrame(new Uint8Array(200_000)), { limit: 100_000 })).toThrow(
      code('CORE_BYTES_DECOMPRESSION_LIMIT'),
    )
  })

  it('frames: joins streams, skips padding, checks every byte', () => {
    const text = Buffer.from('framed '.repeat(50))
    const framed = snappyFrame(text)
    const padded = Buffer.concat([framed, fromHex('fe030000aabbcc'), framed])
    expect(Buffer.from(snappyUnframe(padded, { limit })).toString()).toBe(text.toString().repeat(2))
    for (let at = 0; at < framed.length; at++) {
      const damaged = framed.slice()
      damaged[at]! ^= 1
      const result = (() => {
        try {
          return Buffer.from(snappyUnframe(damaged, { limit })).equals(text)
        } catch {
          return 'refused'
        }
      })()
      expect(result).toBe('refused')
    }
    expect(() => snappyUnframe(new Uint8Array(0), { limit })).toThrow(code('CORE_BYTES_COMPRESSION_INVALID'))
    expect(() => snappyUnframe(Buffer.concat([framed, fromHex('05000000')]), { limit })).toThrow('the unknown kind 5')
  })

  it('meets 5,000 mutants with typed errors', async () => {
    const corpus = samples.slice(0, 3).flatMap((sample) => [snappyCompress(sample), snappyFrame(sample)])
    const block = await fuzz({ corpus, target: (bytes) => snappyDecompress(bytes, { limit: 1_000_000 }) })
    const frame = await fuzz({ corpus, target: (bytes) => snappyUnframe(bytes, { limit: 1_000_000 }) })
    expect([...block.findings, ...frame.findings]).toEqual([])
    expect(block.refused).toBeGreaterThan(2_000)
  })
})

describe('LZF', () => {
  it('gives back what it was given, or says that it does not shrink', () => {
    fc.assert(
      fc.property(repetitive, (bytes) => {
        const packed = lzfCompress(bytes)
        if (packed === undefined) return
        expect(packed.length).toBeLessThan(bytes.length)
        expect(Buffer.from(lzfDecompress(packed, bytes.length)).equals(bytes)).toBe(true)
      }),
      { numRuns: 200 },
    )
    expect(lzfCompress(samples[4]!)).toBeUndefined()
    for (const sample of [samples[2]!, samples[3]!, samples[5]!])
      expect(Buffer.from(lzfDecompress(lzfCompress(sample)!, sample.length)).equals(sample)).toBe(true)
  })

  it('reads both forms of a reference as the format describes them', () => {
    // Two literals, then 3 bytes from 2 back; then, in the long form, 9 + 1 bytes from 1 back.
    expect(Buffer.from(lzfDecompress(fromHex('016162200161'.slice(0, 10)), 5)).toString()).toBe('ababa')
    expect(Buffer.from(lzfDecompress(fromHex('0061e00100'), 11)).toString()).toBe('a'.repeat(11))
  })

  it('refuses wrong sizes and damage', () => {
    const packed = lzfCompress(samples[2]!)!
    for (const size of [samples[2]!.length - 1, samples[2]!.length + 1, 2 ** 32])
      expect(() => lzfDecompress(packed, size)).toThrow(code('CORE_BYTES_COMPRESSION_INVALID'))
    expect(() => lzfDecompress(packed, -1)).toThrow(code('CORE_BYTES_LIMIT_INVALID'))
    expect(() => lzfDecompress(fromHex('2005'), 3)).toThrow('before the start')
  })

  it('meets 5,000 mutants with typed errors', async () => {
    const report = await fuzz({ corpus: [lzfCompress(samples[2]!)!], target: (bytes) => lzfDecompress(bytes, 9_000) })
    expect(report.findings).toEqual([])
    expect(report.refused).toBeGreaterThan(3_000)
  })
})

describe('crc64', () => {
  /** One bit at a time, straight from the definition. */
  const bitwise = (bytes: Uint8Array): bigint => {
    let crc = 0n
    for (const byte of bytes) {
      crc ^= BigInt(byte)
      for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x95ac_9329_ac4b_c9b5n : crc >> 1n
    }
    return crc
  }

  it('has the check value that Redis has', () => {
    expect(crc64(Buffer.from('123456789'))).toBe(0xe9c6_d914_c4b8_d9can)
    expect(crc64(new Uint8Array(0))).toBe(0n)
  })

  it('equals the definition, whole and in parts', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
        expect(crc64(bytes)).toBe(bitwise(bytes))
        expect(crc64(bytes.subarray(cut), crc64(bytes.subarray(0, cut)))).toBe(bitwise(bytes))
      }),
      { numRuns: 200 },
    )
  })
})
