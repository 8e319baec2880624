import { createFences, type FenceFeature, type FenceGeometry } from '@exprsn/geo/fence'
import { randomBelow, randomFraction } from '@exprsn/core'
import type { Database } from '@exprsn/core/database'
import { SeededRandom } from '@exprsn/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainDistanceToBorder } from './border-distance.ts'
import { freshPostgisDatabase, noPostgis, type PostgisDatabase } from './postgis.ts'

/** PostGIS decides with GEOS, whose predicates are exact: an oracle that shares no line with ours. */
let postgis: PostgisDatabase
let client: Database

beforeAll(async () => {
  if (noPostgis !== undefined) return
  postgis = await freshPostgisDatabase()
  client = postgis.database
  await client.query('create extension postgis')
  await client.query('create table fences (id text, area geometry)')
})
afterAll(() => postgis?.drop())

type Point = readonly [number, number]

const whole = (random: SeededRandom, least: number, most: number): number =>
  least + randomBelow(random, most - least + 1)

const feature = (id: number, geometry: FenceGeometry): FenceFeature => ({ type: 'Feature', id: String(id), geometry })

/** Which fences cover which places, as `place fence`. `linework` is the even-odd rule. */
async function covered(fences: readonly FenceFeature[], places: readonly Point[]): Promise<Set<string>> {
  await client.query('truncate fences')
  await client.query(
    `insert into fences select row->>'id', ST_MakeValid(ST_GeomFromGeoJSON(row->>'geometry'), 'method=linework')
     from json_array_elements($1::json) as row`,
    [JSON.stringify(fences)],
  )
  const { rows } = await client.query<{ pair: string }>(
    `select (place - 1) || ' ' || id as pair from json_array_elements($1::json) with ordinality as list (pair, place)
     join fences on ST_Covers(area, ST_SetSRID(ST_MakePoint((pair->>0)::float8, (pair->>1)::float8), 4326))`,
    [JSON.stringify(places)],
  )
  return new Set(rows.map(({ pair }) => pair))
}

function located(fences: readonly FenceFeature[], places: readonly Point[]): Set<string> {
  const set = createFences({ features: fences })
  return new Set(places.flatMap((place, index) => set.locate(place).map((id) => `${index} ${id}`)))
}

const differences = (left: ReadonlySet<string>, right: ReadonlySet<string>): string[] => [
  ...[...left].filter((pair) => !right.has(pair)),
  ...[...right].filter((pair) => !left.has(pair)),
]

/** A ring around a middle whose corners come in order of their angle: it never crosses itself. */
function star(random: SeededRandom, middle: Point, size: number, corners: number): Point[] {
  const ring = Array.from({ length: corners }, (_, corner): Point => {
    const angle = ((corner + randomFraction(random) * 0.9) / corners) * 2 * Math.PI
    const reach = size * (0.2 + 0.8 * randomFraction(random))
    return [middle[0] + reach * Math.cos(angle), middle[1] + reach * Math.sin(angle)]
  })
  return [...ring, ring[0]!]
}

const somewhere = (random: SeededRandom, most: number): Point => [
  (randomFraction(random) * 2 - 1) * most,
  (randomFraction(random) * 2 - 1) * most,
]

describe.skipIf(noPostgis !== undefined)(
  `fences against PostGIS${noPostgis === undefined ? '' : `: ${noPostgis}`}`,
  () => {
    it('contain what ST_Covers says, for 600 stars with holes and 10,000 places', async () => {
      const random = new SeededRandom(41)
      const fences = Array.from({ length: 600 }, (_, id) => {
        const middle = somewhere(random, 2)
        const size = 0.02 + randomFraction(random) * 0.5
        const hole = star(random, middle, size * 0.15, 5 + whole(random, 0, 10))
        return feature(id, {
          type: 'Polygon',
          coordinates: [star(random, middle, size, 8 + whole(random, 0, 60)), hole],
        })
      })
      const places = Array.from({ length: 10_000 }, () => somewhere(random, 2.4))
      const theirs = await covered(fences, places)
      expect(theirs.size).toBeGreaterThan(25_000)
      expect(differences(located(fences, places), theirs)).toEqual([])
    })

    it('contain their own corners and the middles of level edges, as ST_Covers says', async () => {
      const random = new SeededRandom(42)
      const grid = (): Point => [whole(random, -8, 8), whole(random, -8, 8)]
      const fences = Array.from({ length: 200 }, (_, id) => {
        const [x, y] = grid()
        const [width, height] = [whole(random, 1, 6), whole(random, 1, 6)]
        const ring: Point[] = [
          [x, y],
          [x + width, y],
          [x + width, y + height],
          [x + width / 2, y + height + 1],
          [x, y + height],
          [x, y],
        ]
        return feature(id, { type: 'Polygon', coordinates: [id % 2 === 0 ? ring : ring.toReversed()] })
      })
      const places = Array.from({ length: 33 * 33 }, (_, at): Point => [(at % 33) / 2 - 8, Math.floor(at / 33) / 2 - 8])
      expect(differences(located(fences, places), await covered(fences, places))).toEqual([])
    })

    it('follow the even-odd rule of ST_MakeValid for rings that cross themselves and holes that lie across', async () => {
      const random = new SeededRandom(43)
      const tangle = (corners: number, middle: Point): Point[] => {
        const ring = Array.from({ length: corners }, (): Point => {
          const [x, y] = somewhere(random, 0.4)
          return [middle[0] + x, middle[1] + y]
        })
        return [...ring, ring[0]!]
      }
      const fences = Array.from({ length: 300 }, (_, id) => {
        const middle = somewhere(random, 1)
        const rings = [tangle(4 + whole(random, 0, 12), middle), tangle(4, middle)]
        return feature(id, { type: 'Polygon', coordinates: id % 3 === 0 ? rings : [rings[0]!] })
      })
      const places = Array.from({ length: 5_000 }, () => somewhere(random, 1.5))
      const theirs = await covered(fences, places)
      expect(theirs.size).toBeGreaterThan(20_000)
      // ST_MakeValid rounds the points where edges cross: only within a millimetre of a border may it say otherwise.
      const far = differences(located(fences, places), theirs).filter((pair) => {
        const [place, fence] = pair.split(' ').map(Number)
        return plainDistanceToBorder(fences[fence!]!, places[place!]!) > 1e-8
      })
      expect(far).toEqual([])
    })

    it('treat bow-ties, spikes and doubled corners as it does', async () => {
      const fences = [
        [
          [0, 0],
          [4, 4],
          [4, 0],
          [0, 4],
          [0, 0],
        ],
        [
          [0, 0],
          [4, 0],
          [4, 2],
          [9, 2],
          [4, 2],
          [4, 4],
          [0, 4],
          [0, 0],
        ],
        [
          [0, 0],
          [4, 0],
          [4, 0],
          [4, 4],
          [4, 4],
          [0, 4],
          [0, 0],
        ],
        [
          [0, 0],
          [6, 0],
          [6, 6],
          [2, 6],
          [2, 2],
          [4, 2],
          [4, 4],
          [0, 4],
          [0, 0],
        ],
      ].map((ring, id) => feature(id, { type: 'Polygon', coordinates: [ring as unknown as Point[]] }))
      const places = Array.from({ length: 400 }, (_, at): Point => [
        (at % 20) / 2 + 0.13,
        Math.floor(at / 20) / 2 + 0.29,
      ])
      expect(differences(located(fences, places), await covered(fences, places))).toEqual([])
    })
  },
)
