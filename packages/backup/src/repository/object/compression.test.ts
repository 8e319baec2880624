import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { deflateSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compress, createCompressor, decompressExactly, defaultCompression } from './compression.ts'
import { Scratch } from './scratch.ts'
import { zstdPacker, zstdUnpacker } from './zstd-engine.ts'
import { isOneZstdFrame } from './zstd-frame.ts'

const text = (length: number): Buffer =>
  Buffer.from('to be or not to be, that is the question. '.repeat(length / 42 + 1))
const noise = (length: number): Buffer => createHash('shake256', { outputLength: length }).digest()

/** Contents that follow each other through one context: of many sizes, easy, hard and mixed. */
const contents = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 3_000 }),
    fc.integer({ min: 1, max: 300_000 }).map((length) => text(length).subarray(0, length)),
    fc.integer({ min: 1, max: 60_000 }).map((length) => Buffer.concat([text(length), noise(length % 5_000)])),
  ),
  { minLength: 1, maxLength: 6 },
)

describe('createCompressor', () => {
  it('gives the frames of a context that is new each time, whatever went before', () => {
    const shared = createCompressor(defaultCompression)
    fc.assert(
      fc.property(contents, (all) => {
        for (const plain of all) {
          const packed = shared(plain)
          const alone = compress(plain, defaultCompression)
          const isWorthIt = plain.length > 0 && alone.length < plain.length * 0.97
          expect(packed !== undefined).toBe(isWorthIt)
          if (packed !== undefined) expect(Buffer.compare(packed, alone)).toBe(0)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('takes what is longer than its memory, and goes on with the next', () => {
    const shared = createCompressor(defaultCompression)
    const huge = text(20_000_000)
    expect(Buffer.compare(zstdDecompressSync(shared(huge)!), huge)).toBe(0)
    expect(Buffer.compare(zstdDecompressSync(shared(text(900))!), text(900))).toBe(0)
  })

  it('lets be what grows, and everything without settings', () => {
    expect(createCompressor(defaultCompression)(noise(10_000))).toBeUndefined()
    expect(createCompressor(defaultCompression)(new Uint8Array(0))).toBeUndefined()
    expect(createCompressor(undefined)(text(10_000))).toBeUndefined()
  })

  it('uses its memory again', () => {
    const shared = createCompressor(defaultCompression)
    const first = shared(text(5_000))!
    expect(shared(text(1_000))!.buffer).toBe(first.buffer)
  })
})

describe('decompressExactly', () => {
  it('gives back what went in, one content after the other', () => {
    const scratch = new Scratch()
    fc.assert(
      fc.property(contents, fc.boolean(), (all, isShared) => {
        for (const plain of all) {
          const packed = compress(plain, defaultCompression)
          const found = decompressExactly(packed, plain.length, isShared ? scratch : undefined)
          expect(Buffer.compare(found!, plain)).toBe(0)
          expect(decompressExactly(packed, plain.length + 1)).toBeUndefined()
          if (plain.length > 0) expect(decompressExactly(packed, plain.length - 1)).toBeUndefined()
        }
      }),
      { numRuns: 200 },
    )
  })

  it('gives nothing for what is damaged, and the next is not hurt by it', () => {
    const plain = text(5_000)
    const packed = compress(plain, { level: 3, minMatch: 0 })
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, change, cut) => {
        const damaged = Uint8Array.from(cut ? packed.subarray(0, at) : packed)
        if (!cut) damaged[at]! ^= change
        const found = decompressExactly(damaged, plain.length, new Scratch())
        // Without a checksum of its own a frame may unpack to something else of the right size: the hash of a blob tells.
        expect(found?.length ?? plain.length).toBe(plain.length)
        if (cut) expect(found).toBeUndefined()
        expect(Buffer.compare(decompressExactly(packed, plain.length)!, plain)).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  it('takes what other programs may write: checksums, several frames, frames to skip, frames without a size', () => {
    const plain = text(3_000)
    const half = plain.length >> 1
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
    const frames = [
      withChecksum(plain),
      Buffer.concat([compress(plain.subarray(0, half), defaultCompression), withChecksum(plain.subarray(half))]),
      Buffer.concat([skippable, compress(plain, defaultCompression)]),
      Buffer.concat([compress(plain, defaultCompression), skippable]),
      zstdCompressSync(plain),
    ]
    for (const frame of frames) expect(Buffer.compare(decompressExactly(frame, plain.length)!, plain)).toBe(0)
    expect(decompressExactly(withChecksum(plain).subarray(0, -1), plain.length)).toBeUndefined()
    const wrong = withChecksum(plain)
    wrong[wrong.length - 1]! ^= 1
    expect(decompressExactly(wrong, plain.length)).toBeUndefined()
    expect(decompressExactly(deflateSync(plain), plain.length)).toBeUndefined()
  })

  it('does not believe a size that memory does not suffice for', () => {
    expect(decompressExactly(compress(text(9), defaultCompression), 2 ** 40)).toBeUndefined()
  })
})

describe('isOneZstdFrame', () => {
  it('knows where a frame ends and what it says about its size', () => {
    fc.assert(
      fc.property(contents, fc.uint8Array({ minLength: 1, maxLength: 9 }), ([plain = text(1)], more) => {
        const frame = compress(plain, defaultCompression)
        expect(isOneZstdFrame(frame, plain.length)).toBe(true)
        expect(isOneZstdFrame(frame, plain.length + 1)).toBe(false)
        expect(isOneZstdFrame(frame.subarray(0, -1), plain.length)).toBe(false)
        expect(isOneZstdFrame(Buffer.concat([frame, more]), plain.length)).toBe(false)
      }),
      { numRuns: 200 },
    )
    expect(isOneZstdFrame(withChecksum(text(70_000)), text(70_000).length)).toBe(true)
    expect(isOneZstdFrame(new Uint8Array(0), 0)).toBe(false)
  })

  it('says something to any bytes', () => {
    const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(500), (bytes, size) => {
        expect(typeof isOneZstdFrame(Buffer.concat([magic, bytes]), size)).toBe('boolean')
      }),
      { numRuns: 200 },
    )
  })
})

describe('the context behind it', () => {
  it('is there in this version of Node, or nobody would notice that it is not used', () => {
    const target = new Uint8Array(1_000)
    const length = zstdPacker(defaultCompression)!.run(text(500), target)!
    const plain = new Uint8Array(text(500).length)
    expect(zstdUnpacker()!.run(target.subarray(0, length), plain)).toBe(plain.length)
    expect(Buffer.compare(plain, text(500))).toBe(0)
  })

  it('gives up for good after something that is no frame, or more than there is room for', () => {
    const engine = zstdUnpacker()!
    expect(engine.run(Buffer.from('this is no frame of zstd'), new Uint8Array(100))).toBeUndefined()
    expect(engine.run(compress(text(9), defaultCompression), new Uint8Array(100))).toBeUndefined()
    const packer = zstdPacker(defaultCompression)!
    expect(packer.run(noise(1_000), new Uint8Array(10))).toBeUndefined()
    expect(packer.run(text(10), new Uint8Array(1_000))).toBeUndefined()
  })
})

/** As restic's encoder writes it: with a checksum of the content at the end. */
function withChecksum(plain: Uint8Array): Buffer {
  const ZSTD_c_checksumFlag = 201
  return zstdCompressSync(plain, {
    params: { [ZSTD_c_checksumFlag]: 1 },
    pledgedSrcSize: plain.length,
  } as Parameters<typeof zstdCompressSync>[1])
}
