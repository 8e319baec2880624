import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Chunker } from './chunker.ts'
import { fixedChunker } from './fixed-chunker.ts'
import { gearChunker, gearChunkerPlain } from './gear-chunker.ts'
import { createKernel } from './kernel.ts'
import { rabinChunker, rabinChunkerPlain, rabinFingerprint } from './rabin-chunker.ts'
import { rabinTables } from './rabin-tables.ts'

const polynomial = 0x3da3358b4dc173n
const sizes = { minSize: 128, maxSize: 4_000, averageBits: 9 }
const kinds = [
  ['gear', () => gearChunker({ seed: 5n, ...sizes }), () => gearChunkerPlain({ seed: 5n, ...sizes })],
  ['rabin', () => rabinChunker({ polynomial, ...sizes }), () => rabinChunkerPlain({ polynomial, ...sizes })],
] as const

/** The lengths of the chunks of a stream that arrives in pieces of the given sizes, over and over. */
function lengths(chunker: Chunker, bytes: Uint8Array, pieces: readonly number[] = [bytes.length]): number[] {
  const found: number[] = []
  let start = 0
  let end = 0
  for (let piece = 0; end < bytes.length; piece++) {
    end = Math.min(bytes.length, end + pieces[piece % pieces.length]!)
    for (let cut = chunker.cut(bytes.subarray(start, end)); cut > 0; cut = chunker.cut(bytes.subarray(start, end))) {
      found.push(cut)
      start += cut
    }
  }
  if (start < bytes.length) found.push(bytes.length - start)
  chunker.reset()
  return found
}

const random = new SeededRandom(3)
const noise = random.bytes(400_000)
const flat = new Uint8Array(50_000)

describe.each(kinds)('the %s chunker', (_name, fast, plain) => {
  it('cuts where the plain one does', () => {
    for (const bytes of [noise, flat, noise.subarray(0, 100), noise.subarray(0, 128), noise.subarray(0, 129)])
      expect(lengths(fast(), bytes)).toEqual(lengths(plain(), bytes))
  })

  it('cuts the same however the stream is handed over', () => {
    const whole = lengths(fast(), noise.subarray(0, 60_000))
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 5 }), (pieces) => {
        expect(lengths(fast(), noise.subarray(0, 60_000), pieces)).toEqual(whole)
      }),
    )
  }, 120_000)

  it('keeps to its sizes', () => {
    const found = lengths(fast(), noise)
    expect(found.reduce((sum, length) => sum + length, 0)).toBe(noise.length)
    expect(Math.min(...found.slice(0, -1))).toBeGreaterThanOrEqual(128)
    expect(Math.max(...lengths(fast(), flat), ...found)).toBeLessThanOrEqual(4_000)
    const average = noise.length / found.length
    expect(average).toBeGreaterThan(400)
    expect(average).toBeLessThan(900)
  })

  it('finds its cuts again after an insertion', () => {
    const changed = Buffer.concat([noise.subarray(0, 1_000), Buffer.from('inserted'), noise.subarray(1_000)])
    const chunks = (bytes: Uint8Array) => {
      let at = 0
      return lengths(fast(), bytes).map((length) => Buffer.from(bytes.subarray(at, (at += length))).toString('latin1'))
    }
    const known = new Set(chunks(noise))
    const after = chunks(changed)
    expect(after.filter((chunk) => !known.has(chunk)).length).toBeLessThan(15)
    expect(after.length).toBeGreaterThan(500)
  })

  it('begins anew after reset', () => {
    const chunker = fast()
    chunker.cut(noise.subarray(5, 120))
    chunker.reset()
    expect(lengths(chunker, noise)).toEqual(lengths(fast(), noise))
  })
})

describe('rabinTables', () => {
  it('hold what the definition of the fingerprint asks for', () => {
    const { out, mod } = rabinTables(polynomial)
    let digest = 0n
    const wrong: number[] = []
    for (let at = 0; at < 300; at++) {
      if (at >= 64) digest ^= out[noise[at - 64]!]!
      digest = (digest << 8n) | BigInt(noise[at]!)
      digest ^= mod[Number(digest >> 53n)]!
      if (at >= 63 && digest !== rabinFingerprint(noise.subarray(at - 63, at + 1), polynomial)) wrong.push(at)
    }
    expect(wrong).toEqual([])
  })
})

describe('chunkers without WebAssembly', () => {
  it('are the plain ones', () => {
    expect(createKernel('AAAA')).toBeUndefined()
    const bytes = noise.subarray(0, 20_000)
    const none = () => undefined
    expect(lengths(gearChunker({ seed: 5n, ...sizes }, none), bytes)).toEqual(lengths(kinds[0][1](), bytes))
    expect(lengths(rabinChunker({ polynomial, ...sizes }, none), bytes)).toEqual(lengths(kinds[1][1](), bytes))
  })
})

describe('gearChunker', () => {
  it('cuts elsewhere under another seed', () => {
    const other = gearChunker({ seed: 6n, ...sizes })
    expect(lengths(other, noise)).not.toEqual(lengths(gearChunker({ seed: 5n, ...sizes }), noise))
  })
})

describe('fixedChunker', () => {
  it('cuts every so many bytes', () => {
    expect(lengths(fixedChunker(8_192), noise.subarray(0, 20_000), [5_000])).toEqual([8_192, 8_192, 3_616])
  })
})
