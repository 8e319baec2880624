import { area, booleanPointInPolygon, length, lineString } from '@turf/turf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFences } from '../fence/create-fences.ts'
import type { FenceFeature } from '../fence/feature.ts'
import { fenceAreas } from './turf.ts'
import { loadTurf } from './turf/load-turf.ts'

const degrees = fc.integer({ min: -2e7, max: 2e7 }).map((units) => units / 1e7)
const corners = fc.array(fc.tuple(degrees, degrees), { minLength: 3, maxLength: 30 })

describe('fences beside Turf', () => {
  it('contain the same places', () => {
    const places = fc.array(fc.tuple(degrees, degrees), { minLength: 30, maxLength: 30 })
    fc.assert(
      fc.property(fc.array(corners, { minLength: 1, maxLength: 12 }), places, (rings, positions) => {
        const features = rings.map((ring, id): FenceFeature => {
          const closed = [...ring, ring[0]!]
          return { type: 'Feature', id, geometry: { type: 'Polygon', coordinates: [closed] } }
        })
        const usable = features.filter((feature) => isUsable(feature))
        const fences = createFences({ features: usable })
        for (const position of positions) {
          const expected = usable.filter(({ geometry }) => booleanPointInPolygon([...position], geometry as never))
          expect(fences.locate(position).toSorted()).toEqual(expected.map(({ id }) => String(id)).toSorted())
        }
      }),
      { numRuns: 200 },
    )
  })

  it('become areas for maps', async () => {
    const circle: FenceFeature = {
      ...{ type: 'Feature', id: 'depot', geometry: { type: 'Point', coordinates: [9.52, 47.14] } },
      properties: { radius: 200, colour: 'red' },
    }
    const road: [number, number][] = [
      [9.52, 47.14],
      [9.54, 47.15],
    ]
    const corridor: FenceFeature = {
      ...{ type: 'Feature', id: 'road', geometry: { type: 'LineString', coordinates: road } },
      properties: { width: 100 },
    }
    const [depot, lane] = await fenceAreas([circle, corridor], { steps: 360 })
    expect(depot).toMatchObject({ id: 'depot', properties: { radius: 200, colour: 'red' } })
    expect(area(depot!.geometry as never) / (Math.PI * 200 ** 2)).toBeCloseTo(1, 2)
    const metres = length(lineString(road), { units: 'meters' })
    expect(area(lane!.geometry as never) / (metres * 100 + Math.PI * 50 ** 2)).toBeCloseTo(1, 2)
    expect(await fenceAreas([depot!])).toEqual([depot])
  })

  it('say which package is missing', async () => {
    await expect(loadTurf(() => Promise.reject(new Error('not found')))).rejects.toMatchObject({
      code: 'GEO_TURF_MISSING',
    })
  })
})

/** Rings without extent are refused; Turf takes them. */
function isUsable(feature: FenceFeature): boolean {
  try {
    createFences({ features: [feature] })
    return true
  } catch {
    return false
  }
}
