import { fuzz, type FuzzReport } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { itemsOf, type OsmItems } from '../../test/osm/osm-items.ts'
import { primitiveBlock, writePbf } from '../../test/osm/write-pbf.ts'
import { BlockDecoder } from './pbf/block-decoder.ts'
import { readOsm } from './read-osm.ts'

const sample: OsmItems = {
  nodes: [
    { id: 1, longitude: 95_200_000, latitude: 471_400_000, tags: [['highway', 'crossing']] },
    { id: 2 ** 40, longitude: -95_200_000, latitude: 471_400_000, tags: [] },
  ],
  ways: [{ id: 12, nodes: [1, 2 ** 40, 1], tags: [['highway', 'service']] }],
  relations: [{ id: 3, members: [{ type: 'way', id: 12, role: 'from' }], tags: [['type', 'restriction']] }],
}

const xml =
  '<osm><node id="1" lat="47" lon="9"><tag k="a" v="b"/></node><way id="2"><nd ref="1"/></way>' +
  '<relation id="3"><member type="way" ref="2" role="via"/></relation></osm>'

const geojson =
  '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"path","__proto__":{"a":1}},' +
  '"geometry":{"type":"LineString","coordinates":[[9,47],[9.1,47.1]]}},{"type":"Polygon","coordinates":[[[1,1]]]}]}'

/** Half of the inputs and more must be refused, or the mutations are too tame to prove anything. */
function expectClean({ findings, accepted, refused, runs }: FuzzReport): void {
  expect(findings).toEqual([])
  expect(accepted + refused).toBe(runs)
  expect(refused).toBeGreaterThan(runs / 3)
}

describe('hostile OpenStreetMap data meets typed errors only', () => {
  it('in blocks of PBF: 5000 inputs', async () => {
    const decoder = new BlockDecoder()
    const target = (bytes: Uint8Array): void => {
      const { nodes, ways, relations, texts } = decoder.decode(bytes, 0)
      expect(nodes.tags.first).toHaveLength(nodes.ids.length + 1)
      expect(ways.first.at(-1)).toBe(ways.nodes.length)
      expect(relations.types).toHaveLength(relations.members.length)
      for (const place of [...nodes.tags.pairs, ...ways.tags.pairs, ...relations.roles]) texts.at(place).slice()
    }
    expectClean(await fuzz({ corpus: [primitiveBlock(sample), primitiveBlock(sample, { dense: false })], target }))
  })

  it.each<[string, readonly (Uint8Array | string)[], readonly string[]]>([
    [
      'files of PBF',
      (['raw', 'zlib', 'zstd', 'lz4'] as const).map((compression) => writePbf(sample, { compression })),
      [],
    ],
    ['XML', [xml], ['<osm>', '<way id="1">', 'ref="', '&amp;', '\uFEFF']],
    ['GeoJSON', [geojson], ['"type"', '"MultiLineString"', '[[', '1e999']],
  ])('in %s: 5000 inputs', async (_, corpus, dictionary) => {
    expectClean(await fuzz({ corpus, dictionary, target: (bytes) => itemsOf(readOsm(bytes)) }))
  })
})
