import { describe, expect, it } from 'vitest'
import { drawRoads } from '../../../test/routing/drawn-roads.ts'
import { openRouter } from '../port/open-router.ts'
import { gramsPerMetre, type Emissions } from './emissions.ts'

describe('emissions', () => {
  it('follow from fuel or from what is known per kilometre', () => {
    expect(gramsPerMetre({ gramsPerKilometre: 120 })).toBe(0.12)
    expect(gramsPerMetre({ fuel: 'diesel', per100Kilometres: 30 }) * 1_000).toBeCloseTo(753, 9)
    expect(gramsPerMetre({ fuel: 'petrol', per100Kilometres: 0 })).toBe(0)
  })

  it.each([
    { gramsPerKilometre: -1 },
    { gramsPerKilometre: NaN },
    { gramsPerKilometre: Infinity },
    { fuel: 'coal', per100Kilometres: 7 },
    { fuel: 'toString', per100Kilometres: 7 },
    { fuel: 'diesel' },
    {},
  ])('refuse %j', (emissions) => {
    expect(() => gramsPerMetre(emissions as Emissions)).toThrow(expect.objectContaining({ code: 'GEO_ROUTE_INVALID' }))
  })

  it('are told per leg', async () => {
    const router = await openRouter(
      drawRoads([
        {
          points: [
            [0, 0],
            [50_000, 0],
          ],
        },
      ]),
    )
    const points = [0.001, 0.003, 0.002].map((x) => [x, 0] as const)
    const route = await router.route({ points, emissions: { gramsPerKilometre: 200 } })
    if (!route.found) throw new Error('no route')
    expect(route.legs.map(({ co2e, distance }) => co2e! / distance)).toEqual([expect.closeTo(0.2), expect.closeTo(0.2)])
    expect((await router.route({ points })) as object).not.toHaveProperty('legs.0.co2e')
  })
})
