import { systemRandom } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PackedBlob } from '../blob.ts'
import { masterKeyOf } from '../key/master-key.ts'
import { compress, defaultCompression, decompressExactly } from '../object/compression.ts'
import { openSealed, sealPlain } from '../../seal/index.ts'
import { sha256 } from '../object/load-verified.ts'
import { openBlob } from './open-blob.ts'
import { PackBuilder } from './pack-builder.ts'
import { decodePackHeader, encodePackHeader } from './pack-header.ts'
import { packIdOf, packKey } from './pack-key.ts'
import { readPackHeader } from './read-pack-header.ts'

const key = masterKeyOf(new SeededRandom(1).bytes(64))
const id = 'cd'.repeat(32)

function build(contents: readonly Uint8Array[]) {
  const builder = new PackBuilder()
  for (const content of contents) {
    const packed = compress(content, defaultCompression)
    const sealed = sealPlain(key, packed, systemRandom)
    builder.add({ type: 'data', id: sha256(content), sealed, uncompressedLength: content.length })
  }
  return builder.finish(key, systemRandom)
}

const reading = (bytes: Uint8Array) => async (start: number, end: number) => bytes.subarray(start, end)

describe('the header of a pack', () => {
  it('lists what it was made from', () => {
    const blob = fc.record({
      type: fc.constantFrom('data' as const, 'tree' as const),
      id: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      length: fc.nat(2 ** 31),
      uncompressedLength: fc.option(fc.integer({ min: 1, max: 2 ** 31 }), { nil: undefined }),
    })
    fc.assert(
      fc.property(fc.array(blob, { maxLength: 20 }), (rows) => {
        let offset = 0
        const blobs = rows.map((row): PackedBlob => ({ ...row, offset: (offset += row.length) - row.length }))
        expect(decodePackHeader(encodePackHeader(blobs))).toEqual(blobs)
      }),
      { numRuns: 200 },
    )
  })

  it('is not read when it is cut or of an unknown kind', () => {
    const header = encodePackHeader([{ type: 'data', id, offset: 0, length: 1 }])
    expect(decodePackHeader(header.subarray(1))).toBeUndefined()
    expect(decodePackHeader(header.subarray(0, 20))).toBeUndefined()
    expect(decodePackHeader(Uint8Array.of(9, ...header.subarray(1)))).toBeUndefined()
  })
})

describe('the builder of a pack', () => {
  it('makes the same of content that it seals as of content that was sealed, whatever room it has', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 9_000 }), async (lengths, room) => {
        const sealing = new PackBuilder(room)
        const adding = new PackBuilder()
        const contents = lengths.map((length, index) => Buffer.alloc(length, index + 1))
        const [one, other] = [new SeededRandom(2), new SeededRandom(2)]
        for (const content of contents) {
          const blob = { type: 'data', id: sha256(content), uncompressedLength: undefined } as const
          expect(sealing.seal({ ...blob, content }, key, one)).toBe(content.length + 32)
          adding.add({ ...blob, sealed: sealPlain(key, content, other) })
        }
        expect(sealing.size).toBe(adding.size)
        const pack = sealing.finish(key, one)
        expect(pack).toEqual(adding.finish(key, other))
        expect(pack.id).toBe(sha256(pack.bytes))
        for (const [index, { offset, length }] of pack.blobs.entries())
          expect(Buffer.from(openSealed(key, pack.bytes.subarray(offset, offset + length))!)).toEqual(contents[index])
      }),
      { numRuns: 200 },
    )
  })
})

describe('a pack', () => {
  const contents = Array.from({ length: 2_000 }, (_, index) => Buffer.from(`content ${index} `.repeat(5)))
  const pack = build(contents)

  it('is read back blob by blob from its own header, also when that is larger than the first guess', async () => {
    for (const subject of [pack, build(contents.slice(0, 3))]) {
      const blobs = await readPackHeader(subject.id, subject.bytes.length, key, reading(subject.bytes))
      expect(blobs).toEqual(subject.blobs)
      for (const [index, blob] of blobs.entries()) {
        const sealed = subject.bytes.subarray(blob.offset, blob.offset + blob.length)
        expect(Buffer.from(openBlob(key, blob, sealed)).equals(contents[index]!)).toBe(true)
      }
    }
  })

  it.each([
    ['is empty', () => new Uint8Array(0)],
    ['is cut in the header', () => pack.bytes.subarray(0, pack.bytes.length - 10)],
    ['has a flipped bit in the header', () => flip(pack.bytes, pack.bytes.length - 100)],
    ['lacks its first byte', () => pack.bytes.subarray(1)],
    ['says its header is huge', () => flip(pack.bytes, pack.bytes.length - 1)],
  ])('is refused when it %s', async (_what, make) => {
    const bytes = make()
    const reader = readPackHeader(pack.id, bytes.length, key, reading(bytes))
    await expect(reader).rejects.toMatchObject({ code: 'BACKUP_OBJECT_CORRUPT' })
  })

  it('gives no blob whose bytes are damaged, or that is another one', () => {
    const [first, second] = pack.blobs as readonly [PackedBlob, PackedBlob]
    const sealed = pack.bytes.subarray(first.offset, first.offset + first.length)
    const corrupt = expect.objectContaining({ code: 'BACKUP_BLOB_CORRUPT' })
    expect(() => openBlob(key, first, flip(sealed, 20))).toThrow(corrupt)
    expect(() => openBlob(key, { ...first, id: second.id }, sealed)).toThrow(corrupt)
    expect(() => openBlob(key, { ...first, uncompressedLength: 1 }, sealed)).toThrow(corrupt)
    expect(() => openBlob(key, { ...first, uncompressedLength: undefined }, sealed)).toThrow(corrupt)
  })

  it('lies in a folder named by its first two digits', () => {
    expect(packKey(id)).toBe(`data/cd/${id}`)
    expect(packIdOf(`data/cd/${id}`)).toBe(id)
    expect(packIdOf('data/cd/rubbish')).toBeUndefined()
  })
})

describe('compression', () => {
  it('gives back exactly what went in, and nothing of another size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        const packed = compress(bytes, defaultCompression)
        expect(Buffer.from(decompressExactly(packed, bytes.length)!).equals(bytes)).toBe(true)
        expect(decompressExactly(packed, bytes.length + 1)).toBeUndefined()
      }),
      { numRuns: 200 },
    )
    expect(decompressExactly(compress(Buffer.alloc(50_000), defaultCompression), 10)).toBeUndefined()
  })
})

function flip(bytes: Uint8Array, index: number): Uint8Array {
  const damaged = bytes.slice()
  damaged[index]! ^= 0x10
  return damaged
}
