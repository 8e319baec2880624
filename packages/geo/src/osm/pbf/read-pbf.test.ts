import { sleep } from '@exprsn/core'
import { sharedData } from '@exprsn/real-servers/shared-data'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { itemsOf } from '../../../test/osm/osm-items.ts'
import { empty, pieces, read, sample, utf8 } from '../../../test/osm/sample-items.ts'
import { frame, packBlob, primitiveBlock, writePbf, type WritePbfOptions } from '../../../test/osm/write-pbf.ts'
import { readOsm } from '../read-osm.ts'
import { BlockDecoder } from './block-decoder.ts'

/** Tests of real extracts are skipped where the shared data is absent. */
const shared = sharedData('geo/osm')

describe('readOsm of PBF', () => {
  it.each<[string, WritePbfOptions]>([
    ['zlib', { compression: 'zlib' }],
    ['zstd', { compression: 'zstd' }],
    ['lz4', { compression: 'lz4' }],
    ['no compression', { compression: 'raw' }],
    ['single nodes', { dense: false }],
    ['unpacked lists', { unpacked: true }],
    ['unpacked lists and single nodes', { unpacked: true, dense: false }],
    ['a granularity and offsets', { granularity: 50, longitudeOffset: -350, latitudeOffset: 5_000 }],
  ])('takes %s', async (_, options) => {
    expect(await read(writePbf(sample, options))).toEqual(sample)
  })

  it('takes what arrives in pieces of any size', async () => {
    const bytes = writePbf(sample)
    for (const size of [1, 2, 3, 7, 64, 1_000]) expect(await itemsOf(readOsm(pieces(bytes, size)))).toEqual(sample)
  })

  it('takes files without items, and blocks without anything', async () => {
    expect(await read(writePbf(empty))).toEqual(empty)
    const bytes = Buffer.concat([
      writePbf(sample),
      frame('OSMData', packBlob(new Uint8Array(0))),
      frame('Other', utf8('?')),
    ])
    expect(await read(bytes)).toEqual(sample)
  })

  it('gives back any items', async () => {
    const id = fc.maxSafeInteger()
    const tags = fc.array(fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string()), { maxLength: 4 })
    const items = fc.record({
      nodes: fc.array(
        fc.record({
          id: fc.integer(),
          longitude: fc.integer({ min: -18e8, max: 18e8 }),
          latitude: fc.integer({ min: -9e8, max: 9e8 }),
          tags,
        }),
        { maxLength: 40 },
      ),
      ways: fc.array(fc.record({ id, nodes: fc.array(fc.integer(), { maxLength: 40 }), tags }), { maxLength: 10 }),
      relations: fc.array(
        fc.record({
          id,
          members: fc.array(
            fc.record({
              type: fc.constantFrom('node' as const, 'way' as const, 'relation' as const),
              id: fc.integer(),
              role: fc.string(),
            }),
            { maxLength: 9 },
          ),
          tags,
        }),
        { maxLength: 5 },
      ),
    })
    await fc.assert(
      fc.asyncProperty(items, fc.boolean(), async (drawn, dense) => {
        expect(await read(writePbf(drawn, { dense, compression: 'raw' }))).toEqual(drawn)
      }),
      { numRuns: 200 },
    )
  })

  it('reads in threads what it reads without', async () => {
    const blob = (n: number): Uint8Array => {
      const ways = [{ id: n, nodes: [n, 2 * n], tags: [['n', `${n}`] as const] }]
      return frame('OSMData', packBlob(primitiveBlock({ ...sample, ways })))
    }
    const blobs = Array.from({ length: 200 }, (_, n) => blob(n))
    // Slow enough that the threads start before the end, and decode the rest.
    async function* source(): AsyncGenerator<Uint8Array> {
      yield writePbf(sample)
      for (const bytes of blobs) {
        yield bytes
        await sleep(5)
      }
    }
    const bytes = Buffer.concat([writePbf(sample), ...blobs])
    expect(await itemsOf(readOsm(source(), { threads: 2 }))).toEqual(await read(bytes))
    expect(await read(bytes, { threads: 1 })).toEqual(await read(bytes))
  })

  it('ends its threads when nobody reads on, and when a blob is bad', async () => {
    const good = frame('OSMData', packBlob(primitiveBlock(sample)))
    const bad = Buffer.concat([writePbf(sample), good, good, frame('OSMData', utf8('?')), good])
    const reading = readOsm(bad, { threads: 2 })
    await reading.next()
    expect(await reading.return()).toEqual({ done: true, value: undefined })
    await expect(read(bad, { threads: 2 })).rejects.toMatchObject({ code: 'GEO_OSM_INVALID' })
    async function* late(): AsyncGenerator<Uint8Array> {
      yield writePbf(sample)
      await sleep(1_500)
      yield bad
    }
    await expect(itemsOf(readOsm(late(), { threads: 2 }))).rejects.toMatchObject({ code: 'GEO_OSM_INVALID' })
  })

  it('gives the blocks before a bad blob, and where that stands, from threads as well', async () => {
    const good = frame('OSMData', packBlob(primitiveBlock(sample)))
    const bad = frame('OSMData', utf8('?'))
    const start = writePbf(sample)
    async function* source(): AsyncGenerator<Uint8Array> {
      yield start
      // The threads have started by then, on most machines; the answer is the same where they have not.
      await sleep(1_000)
      yield Buffer.concat([good, good, bad, good])
    }
    const reading = readOsm(source(), { threads: 2 })
    for (let block = 0; block < 3; block++)
      expect((await reading.next()).value?.nodes.ids.length).toBe(sample.nodes.length)
    const offset = start.length + 2 * good.length + (bad.length - utf8('?').length)
    await expect(reading.next()).rejects.toMatchObject({ code: 'GEO_OSM_INVALID', details: { offset } })
  })

  it('names the byte at which a cut file begins to lack something', async () => {
    const bytes = writePbf(sample)
    const data = bytes.length - frame('OSMData', packBlob(primitiveBlock(sample))).length
    for (let length = 5; length < bytes.length; length++) {
      const reading = read(bytes.subarray(0, length))
      if (length === data) await expect(reading).resolves.toEqual(empty)
      else
        await expect(reading, `cut at ${length}`).rejects.toMatchObject({
          code: 'GEO_OSM_TRUNCATED',
          details: { length, offset: length < data ? 0 : data },
        })
    }
  })

  const header = writePbf(empty).subarray(
    0,
    writePbf(empty).length - frame('OSMData', packBlob(primitiveBlock(empty))).length,
  )
  const withBlob = (blob: Uint8Array): Uint8Array => Buffer.concat([header, frame('OSMData', blob)])
  const withBlock = (hex: string): Uint8Array => withBlob(packBlob(Buffer.from(hex, 'hex'), 'raw'))

  it.each<[string, Uint8Array, string]>([
    ['a header of 64 KiB and more', Buffer.concat([header, Uint8Array.of(0, 1, 0, 1, 0)]), 'GEO_OSM_LIMIT'],
    [
      'a blob that claims more than 32 MiB',
      Uint8Array.of(0, 0, 0, 8, 0x0a, 1, 65, 0x18, 0x81, 0x80, 0x80, 0x10),
      'GEO_OSM_LIMIT',
    ],
    ['zlib that is none', withBlob(Uint8Array.of(0x10, 5, 0x1a, 3, 1, 2, 3)), 'GEO_OSM_INVALID'],
    [
      'zlib of another size than it names',
      withBlob(Buffer.from([0x10, 1, ...packBlob(new Uint8Array(9)).subarray(2)])),
      'GEO_OSM_LIMIT',
    ],
    [
      'zlib of less than it names',
      withBlob(Buffer.from([0x10, 99, ...packBlob(new Uint8Array(9)).subarray(2)])),
      'GEO_OSM_INVALID',
    ],
    ['a bomb', withBlob(packBlob(new Uint8Array(33_554_433))), 'GEO_OSM_LIMIT'],
    ['lzma', withBlob(packBlob(new Uint8Array(9), 'lzma')), 'GEO_OSM_UNSUPPORTED'],
    ['an unknown compression', withBlob(Uint8Array.of(0x42, 0)), 'GEO_OSM_UNSUPPORTED'],
    ['a blob without content', withBlob(Uint8Array.of(0x10, 5)), 'GEO_OSM_INVALID'],
    ['history', writePbf(sample, { features: ['HistoricalInformation'] }), 'GEO_OSM_UNSUPPORTED'],
    ['data without header', frame('OSMData', packBlob(primitiveBlock(sample))), 'GEO_OSM_INVALID'],
    ['a header without type', Uint8Array.of(0, 0, 0, 2, 0x18, 1, 0), 'GEO_OSM_INVALID'],
    ['a field beyond its message', withBlock('0aff'), 'GEO_OSM_INVALID'],
    ['a wire type that is none', withBlock('0c'), 'GEO_OSM_INVALID'],
    ['a tag that is none', withBlock('ffffffffffffffffffffff'), 'GEO_OSM_INVALID'],
    ['texts that are a number', withBlock('0801'), 'GEO_OSM_INVALID'],
    ['a granularity that is text', withBlock('8a010141'), 'GEO_OSM_INVALID'],
    ['a way without id', withBlock('12021a00'), 'GEO_OSM_INVALID'],
    ['a way whose id is text', withBlock('12051a030a0141'), 'GEO_OSM_INVALID'],
    ['a way whose id is beyond 2^53', withBlock('120d1a0b08808080808080808001'), 'GEO_OSM_INVALID'],
    ['a way whose key is no text', withBlock('12071a050801120105'), 'GEO_OSM_INVALID'],
    ['a way whose nodes end within a number', withBlock('12071a050801420180'), 'GEO_OSM_INVALID'],
    ['a key without value', withBlock('0a020a001207' + '1a050801120100'), 'GEO_OSM_INVALID'],
    ['a node without place', withBlock('12040a020802'), 'GEO_OSM_INVALID'],
    ['a node beyond the globe', withBlock('12100a0e0802' + '40ffffffff0f' + '48ffffffff0f'), 'GEO_OSM_INVALID'],
    ['dense nodes without places', withBlock('120512030a0102'), 'GEO_OSM_INVALID'],
    [
      'dense tags that end early',
      withBlock('0a020a00' + '120e120c' + '0a0102' + '420102' + '4a0102' + '520101'),
      'GEO_OSM_INVALID',
    ],
    [
      'dense tags for more nodes',
      withBlock('0a020a00' + '120f120d' + '0a0102' + '420102' + '4a0102' + '52020000'),
      'GEO_OSM_INVALID',
    ],
    [
      'dense tags that are no texts',
      withBlock('0a020a00' + '1210120e' + '0a0102' + '420102' + '4a0102' + '5203090900'),
      'GEO_OSM_INVALID',
    ],
    ['a relation without id', withBlock('12022200'), 'GEO_OSM_INVALID'],
    ['a member of unknown type', withBlock('0a020a00120d220b0801' + '420100' + '4a0102' + '520103'), 'GEO_OSM_INVALID'],
    ['a member without role', withBlock('0a020a00120a22080801' + '4a0102' + '520101'), 'GEO_OSM_INVALID'],
    ['a list that is four bytes', withBlock('12091a0708014501020304'), 'GEO_OSM_INVALID'],
    ['a sum beyond 2^53', withBlock('12181a1608014212' + 'feffffffffffff1f'.repeat(2) + '0202'), 'GEO_OSM_INVALID'],
  ])('refuses %s', async (_, bytes, code) => {
    await expect(read(bytes)).rejects.toMatchObject({ code })
  })

  it('says in which blob, and where in it', async () => {
    await expect(read(withBlock('12021a00'))).rejects.toMatchObject({
      details: { offset: header.length + 15, reason: expect.stringMatching(/^a way without id, at byte \d+ of what/) },
    })
  })

  it('reads a block as if the damaged one before had not been', async () => {
    const decoder = new BlockDecoder()
    expect(() => decoder.decode(Buffer.from('8801051218' + '1a1408011201ff' + '00'.repeat(16), 'hex'), 0)).toThrow(
      'not valid',
    )
    expect(await itemsOf([decoder.decode(primitiveBlock(sample), 0)])).toEqual(sample)
  })

  it.skipIf(shared === undefined).each([
    ['liechtenstein', 142_832, 15_247, 358],
    ['monaco-2021', 25_423, 4_106, 243],
    ['andorra-roads', 69_644, 2_725, 74],
  ])('reads %s', async (name, nodes, ways, relations) => {
    const path = `${shared}/${name}.osm.pbf`
    const counts = { nodes: 0, ways: 0, relations: 0 }
    let last = 0
    const onProgress = ({ bytes, total }: { bytes: number; total: number | undefined }): void =>
      void (last = bytes / total!)
    for await (const block of readOsm(path, { onProgress })) {
      counts.nodes += block.nodes.ids.length
      counts.ways += block.ways.ids.length
      counts.relations += block.relations.ids.length
    }
    expect(counts).toEqual({ nodes, ways, relations })
    expect(last).toBe(1)
  })
})
