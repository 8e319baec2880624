import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { read, utf8 } from '../../../test/osm/sample-items.ts'

describe('readOsm of GeoJSON', () => {
  const feature = (geometry: object | null, properties: object | null = {}): object => ({
    type: 'Feature',
    geometry,
    properties,
  })
  const collection = (...features: object[]): Uint8Array =>
    utf8(JSON.stringify({ type: 'FeatureCollection', features }))

  it('takes lines and rings as ways that meet where their coordinates are equal', async () => {
    const bytes = collection(
      feature(
        {
          type: 'LineString',
          coordinates: [
            [9, 47],
            [9.1, 47.1, 450],
          ],
        },
        { highway: 'service', lanes: 2, lit: true, no: null },
      ),
      feature(
        {
          type: 'MultiLineString',
          coordinates: [
            [
              [9.10000001, 47.1],
              [9.2, 47],
            ],
            [
              [9, 47],
              [9, 48],
            ],
          ],
        },
        null,
      ),
      feature({
        type: 'Polygon',
        coordinates: [
          [
            [1, 1],
            [2, 1],
            [2, 2],
            [1, 1],
          ],
        ],
      }),
      feature({
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [1, 1],
              [2, 1],
              [2, 2],
              [1, 1],
            ],
          ],
        ],
      }),
      feature({
        type: 'GeometryCollection',
        geometries: [
          {
            type: 'LineString',
            coordinates: [
              [1, 1],
              [9, 47],
            ],
          },
        ],
      }),
      feature({ type: 'Point', coordinates: [5, 5] }),
      feature(null),
    )
    const items = await read(bytes, { tags: { highway: 'residential' } })
    expect(items.nodes.map(({ longitude, latitude }) => [longitude / 1e7, latitude / 1e7])).toEqual([
      [9, 47],
      [9.1, 47.1],
      [9.2, 47],
      [9, 48],
      [1, 1],
      [2, 1],
      [2, 2],
    ])
    const tags = [['highway', 'residential']]
    expect(items.ways).toEqual([
      {
        id: 1,
        nodes: [1, 2],
        tags: [
          ['highway', 'service'],
          ['lanes', '2'],
          ['lit', 'true'],
        ],
      },
      { id: 2, nodes: [2, 3], tags },
      { id: 3, nodes: [1, 4], tags },
      { id: 4, nodes: [5, 6, 7, 5], tags },
      { id: 5, nodes: [5, 6, 7, 5], tags },
      { id: 6, nodes: [5, 1], tags },
    ])
  })

  it('takes a feature or a geometry alone, also packed', async () => {
    const line = {
      type: 'LineString',
      coordinates: [
        [9, 47],
        [9.1, 47.1],
      ],
    }
    for (const root of [line, feature(line)])
      expect((await read(gzipSync(JSON.stringify(root)))).ways).toEqual([{ id: 1, nodes: [1, 2], tags: [] }])
  })

  it.each<[unknown, string, string]>([
    [{ type: 'FeatureCollection' }, 'features', 'GEO_OSM_GEOJSON_INVALID'],
    [{ type: 'FeatureCollection', features: [3] }, 'features[0]', 'GEO_OSM_GEOJSON_INVALID'],
    [{ type: 'Feature', geometry: [] }, 'the document.geometry', 'GEO_OSM_GEOJSON_INVALID'],
    [{ type: 'Circle' }, 'the document', 'GEO_OSM_GEOJSON_INVALID'],
    [{ type: 'LineString', coordinates: {} }, 'the document.coordinates', 'GEO_OSM_GEOJSON_INVALID'],
    [
      {
        type: 'LineString',
        coordinates: [
          [9, 47],
          [9, '47'],
        ],
      },
      'the document.coordinates[1]',
      'GEO_POSITION_INVALID',
    ],
    [{ type: 'LineString', coordinates: [[47, 190]] }, 'the document.coordinates[0]', 'GEO_POSITION_INVALID'],
    [
      { type: 'GeometryCollection', geometries: [{ type: 'GeometryCollection' }] },
      'the document.geometries[0]',
      'GEO_OSM_GEOJSON_INVALID',
    ],
  ])('refuses %j', async (root, where, code) => {
    await expect(read(utf8(JSON.stringify(root)))).rejects.toMatchObject({ code, details: { where } })
  })

  it('refuses JSON that is none', async () => {
    await expect(read(utf8('{"type":'))).rejects.toMatchObject({ code: 'GEO_OSM_GEOJSON_INVALID' })
  })
})
