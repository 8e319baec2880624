import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { randomBelow } from '../random/draw.ts'
import type { Random } from '../random/random.ts'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { decompress } from './decompress.ts'
import { fromHex } from './hex.ts'
import { lz4Decompress } from './lz4.ts'

const inputs = 5_000
const seed = 20_261_121

function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  const below = (bound: number): number => randomBelow(random, bound)
  let mutant = bytes.slice()
  for (let change = below(4); change >= 0; change--) {
    const at = below(mutant.length + 1)
    const kind = below(4)
    if (kind === 0 && at < mutant.length) mutant[at]! ^= 1 << below(8)
    else if (kind === 1) mutant = mutant.slice(0, at)
    else if (kind === 2) mutant = Uint8Array.from([...mutant.slice(0, at), below(256), ...mutant.slice(at)])
    else if (at < mutant.length) mutant[at] = [0, 0x7f, 0x80, 0xff][below(4)]!
  }
  return mutant
}

/** Runs a parser over mutants; anything but an `ExprsnError` fails. Returns how many were refused. */
function attack(corpus: readonly Uint8Array[], parse: (bytes: Uint8Array) => void): number {
  const random = new SeededRandom(seed)
  let refused = 0
  for (let index = 0; index < inputs; index++) {
    const bytes = mutate(corpus[index % corpus.length]!, random)
    try {
      parse(bytes)
    } catch (error) {
      if (!ExprsnError.is(error)) throw new Error(`seed ${seed}, input ${index}: ${String(error)}`, { cause: error })
      refused++
    }
  }
  return refused
}

describe(`${inputs} mutated inputs meet typed errors only`, () => {
  it('in ByteReader', () => {
    const message = new ByteWriter()
      .uint8(1)
      .varint(2n ** 60n)
      .cString('naïve')
      .zigzag(-5)
      .uint64(2 ** 40)
      .uint16(4)
      .text('tail')
      .finish()
    const refused = attack([message], (bytes) => {
      const reader = new ByteReader(bytes)
      reader.uint8()
      reader.varint()
      reader.cString()
      reader.safeZigzag()
      reader.safeUint64()
      reader.text(reader.uint16())
      reader.expectEnd()
    })
    expect(refused).toBeGreaterThan(inputs / 2)
  })

  it.each([
    ['zstd', zstdCompressSync],
    ['gzip', gzipSync],
    ['zlib', deflateSync],
  ] as const)('in decompress of %s', (format, pack) => {
    const corpus = ['', 'short', 'abc'.repeat(2_000)].map((text) => pack(text))
    const limit = 100_000
    const refused = attack(corpus, (bytes) => {
      expect(decompress(bytes, { limit, format }).length).toBeLessThanOrEqual(limit)
    })
    expect(refused).toBeGreaterThan(inputs / 2)
  })

  it('in lz4Decompress', () => {
    // Literals, a copy that overlaps itself, a long copy, and five last literals.
    const corpus = [
      '1a6100050030' + '6263646566',
      'f0' + '01' + '78'.repeat(16),
      '1f78' + '0100' + 'ff05' + '5061626364',
    ].map((hex) => fromHex(hex))
    const refused = attack(corpus, (bytes) => {
      expect(lz4Decompress(bytes, 400).length).toBe(400)
    })
    expect(refused).toBeGreaterThan(inputs / 2)
  })

  it('in fromHex', () => {
    const refused = attack([Buffer.from('00ff10ab')], (bytes) => void fromHex(Buffer.from(bytes).toString('latin1')))
    expect(refused).toBeGreaterThan(inputs / 4)
  })
})
