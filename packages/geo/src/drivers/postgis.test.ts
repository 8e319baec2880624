import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { SeededRandom } from '@exprsn/core/testing'
import { randomFraction } from '@exprsn/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshPostgisDatabase, noPostgis, type PostgisDatabase } from '../../test/postgis.ts'
import { createFences, type FenceFeature, type FenceGeometry } from '../fence/index.ts'
import { postgisFences, type PostgisFencesOptions } from './postgis.ts'

type Point = readonly [number, number]

const square = (west: number, south: number, size: number): FenceGeometry => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ],
  ],
})
const feature = (id: string, geometry: FenceGeometry, properties: FenceFeature['properties'] = null): FenceFeature => ({
  type: 'Feature',
  id,
  geometry,
  properties,
})
const bowTie: FenceGeometry = {
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [4, 4],
      [4, 0],
      [0, 4],
      [0, 0],
    ],
  ],
}

describe('postgisFences', () => {
  it('needs PostgreSQL', async () => {
    const database = sqliteDatabase({ path: ':memory:' })
    expect(() => postgisFences({ database })).toThrow(expect.objectContaining({ code: 'GEO_POSTGIS_DATABASE' }))
    await database.close()
  })
})

describe.skipIf(noPostgis !== undefined)(
  `postgisFences on a server${noPostgis === undefined ? '' : `: ${noPostgis}`}`,
  () => {
    let server: PostgisDatabase
    let tenants = 0
    beforeAll(async () => {
      if (noPostgis !== undefined) return
      server = await freshPostgisDatabase()
      await migrate(server.database, [postgisFences({ database: server.database }).migrations])
    })
    afterAll(() => server?.drop())

    const fresh = (options: Partial<PostgisFencesOptions> = {}) =>
      postgisFences({ database: server.database, tenant: `tenant ${++tenants}`, ...options })

    it('gives back what was put, as it came, and what touches a rectangle', async () => {
      const fences = fresh()
      const depot = feature('depot', { type: 'Point', coordinates: [9.5, 47.1] }, { radius: 2_000, colour: 'red' })
      const road = feature(
        'road',
        {
          type: 'LineString',
          coordinates: [
            [0, 0],
            [0, 1],
          ],
        },
        { width: 4_000, dwell: '1h' },
      )
      const yard = feature('yard', square(20, 20, 1))
      expect(await fences.put([yard, depot, road])).toEqual([])
      expect(await fences.load()).toEqual([depot, road, yard])
      expect(await fences.load({ within: [19, 19, 20.5, 20.5] })).toEqual([yard])
      // The circle reaches into it, its middle does not lie in it; a little farther off it does not.
      expect(await fences.load({ within: [9.52, 47, 9.6, 47.2] })).toEqual([depot])
      expect(await fences.load({ within: [9.53, 47, 9.6, 47.2] })).toEqual([])
      expect(await fresh().load()).toEqual([])
    })

    it('finds what createFences finds', async () => {
      const random = new SeededRandom(7)
      const somewhere = (most: number): Point => [
        (randomFraction(random) * 2 - 1) * most,
        (randomFraction(random) * 2 - 1) * most,
      ]
      const features = Array.from({ length: 120 }, (_, number): FenceFeature => {
        const [x, y] = somewhere(3)
        const id = `fence ${number}`
        if (number % 4 === 0) return feature(id, square(x, y, 0.7))
        if (number % 4 === 1) return feature(id, { type: 'Point', coordinates: [x, y] }, { radius: 40_000 })
        if (number % 4 === 2)
          return feature(id, {
            type: 'MultiPolygon',
            coordinates: [square(x, y, 0.6), square(x + 0.3, y + 0.3, 0.6)].map(
              ({ coordinates }) => coordinates as never,
            ),
          })
        const ring = Array.from({ length: 7 }, (): Point => {
          const [dx, dy] = somewhere(0.6)
          return [x + dx, y + dy]
        })
        return feature(id, { type: 'Polygon', coordinates: [[...ring, ring[0]!]] })
      })
      const fences = fresh()
      expect((await fences.put(features)).length).toBeGreaterThan(10)
      const memory = createFences({ features })
      const places = Array.from({ length: 2_000 }, () => somewhere(3.5))
      const found = await fences.locate(places)
      let pairs = 0
      for (const [index, place] of places.entries()) {
        pairs += found[index]!.length
        expect(found[index]).toEqual(memory.locate(place).toSorted())
      }
      expect(pairs).toBeGreaterThan(2_000)
    })

    it('knows the antimeridian', async () => {
      const fences = fresh()
      const strait: FenceGeometry = {
        type: 'Polygon',
        coordinates: [
          [
            [179, 50],
            [-179, 50],
            [-179, 52],
            [179, 52],
            [179, 50],
          ],
        ],
      }
      await fences.put([
        feature('strait', strait),
        feature('buoy', { type: 'Point', coordinates: [180, 0] }, { radius: 1_000 }),
      ])
      const places: Point[] = [
        [179.5, 51],
        [-179.5, 51],
        [178.5, 51],
        [0, 51],
        [-179.995, 0],
        [179.995, 0],
      ]
      expect(await fences.locate(places)).toEqual([['strait'], ['strait'], [], [], ['buoy'], ['buoy']])
    })

    it('tells what changed, in the order of the commits, removals included', async () => {
      const fences = fresh()
      await fences.put([feature('a', square(0, 0, 1)), feature('b', square(2, 2, 1))])
      const first = await fences.changes(0)
      expect(first.put.map(({ id }) => id)).toEqual(['a', 'b'])
      expect(await fences.changes(first.version)).toEqual({ put: [], removed: [], version: first.version })
      await fences.remove(['a', 'unknown'])
      await fences.put([feature('b', square(5, 5, 1))])
      const second = await fences.changes(first.version)
      expect(second).toMatchObject({ put: [{ id: 'b' }], removed: ['a'] })
      expect(second.version).toBeGreaterThan(first.version)
      expect(
        await fences.locate([
          [2.5, 2.5],
          [5.5, 5.5],
          [0.5, 0.5],
        ]),
      ).toEqual([[], ['b'], []])
    })

    it('loses no change of writers that work at once', async () => {
      const writer = fresh()
      const tenant = `tenant ${tenants}`
      const seen = new Set<string>()
      let version = 0
      const follow = async (): Promise<void> => {
        const changes = await postgisFences({ database: server.database, tenant }).changes(version)
        for (const { id } of changes.put) seen.add(String(id))
        version = changes.version
      }
      const ids = Array.from({ length: 40 }, (_, number) => `fence ${number}`)
      const writing = Promise.all(ids.map((id) => writer.put([feature(id, square(0, 0, 1))])))
      for (let round = 0; round < 20; round++) await follow()
      await writing
      await follow()
      expect(seen.size).toBe(ids.length)
    })

    it('repairs by the even-odd rule and says so, or refuses', async () => {
      const repaired = fresh()
      expect(await repaired.put([feature('tie', bowTie), feature('square', square(0, 0, 1))])).toEqual(['tie'])
      expect(
        await repaired.locate([
          [1, 2],
          [3.5, 2],
          [2, 3],
        ]),
      ).toEqual([['tie'], ['tie'], []])
      const strict = fresh({ invalid: 'refuse' })
      await expect(strict.put([feature('square', square(0, 0, 1)), feature('tie', bowTie)])).rejects.toMatchObject({
        code: 'GEO_POSTGIS_INVALID',
        details: { id: 'tie', reason: expect.stringContaining('Self-intersection') },
      })
      expect(await strict.load()).toEqual([])
    })

    it('names the place of bad input, and stores nothing then', async () => {
      const fences = fresh()
      const bad = feature('bad', { type: 'Point', coordinates: [9, Number.NaN] }, { radius: 5 })
      await expect(fences.put([feature('good', square(0, 0, 1)), bad])).rejects.toMatchObject({
        code: 'GEO_POSITION_INVALID',
        message: expect.stringContaining('features[1].geometry.coordinates'),
      })
      expect(await fences.load()).toEqual([])
      await expect(
        fences.locate([
          [0, 0],
          [47, 910],
        ]),
      ).rejects.toMatchObject({ code: 'GEO_POSITION_INVALID' })
      await expect(fences.put([{ ...bad, id: '' }])).rejects.toMatchObject({ code: 'GEO_FENCE_INVALID' })
    })
  },
)
