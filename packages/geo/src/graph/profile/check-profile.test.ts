import { describe, expect, it } from 'vitest'
import { checkProfile } from './check-profile.ts'
import { profiles, truckProfile } from './profiles.ts'
import type { RoadProfile, TurnRules } from './road-profile.ts'

describe('checkProfile', () => {
  it.each(Object.entries(profiles))('takes %s', (_, profile) => {
    expect(() => checkProfile(profile)).not.toThrow()
  })

  const turns = profiles.car.turns!
  it.each<[string, Partial<RoadProfile>]>([
    ['name', { name: '' }],
    ['access', { access: 'car' as never }],
    ['limits', { limits: [3 as never] }],
    ['speeds', { speeds: {} }],
    ['speeds', { speeds: { highway: 5 } as never }],
    ['speeds.motorway', { speeds: { motorway: 0 } }],
    ['speeds.motorway', { speeds: { motorway: NaN } }],
    ['permitted.track', { permitted: { track: -1 } }],
    ['linkShare', { linkShare: 0 }],
    ['limitShare', { limitShare: 3 }],
    ['topSpeed', { topSpeed: Infinity }],
    ['caps.surface.gravel', { caps: { surface: { gravel: -5 } } }],
    ['vehicle.height', { vehicle: { height: 0 } }],
    ['vehicle.weight', { vehicle: { weight: '40' as never } }],
    ['turns.modes', { turns: { ...turns, modes: [1 as never] } }],
    ['turns.angles', { turns: { ...turns, angles: [] } }],
    [
      'turns.angles[1].upTo',
      {
        turns: {
          ...turns,
          angles: [
            { upTo: 90, seconds: 1 },
            { upTo: 80, seconds: 1 },
          ],
        },
      },
    ],
    ['turns.angles[0].seconds', { turns: { ...turns, angles: [{ upTo: 180, seconds: -1 }] } }],
    ['turns.uTurn', { turns: { ...turns, uTurn: 5_000 } }],
    ['turns.delays', { turns: { ...turns, delays: { signals: 2 } } satisfies TurnRules }],
    ['turns.delays.a=b', { turns: { ...turns, delays: { 'a=b': -2 } } satisfies TurnRules }],
  ])('names %s when it is wrong', (field, wrong) => {
    expect(() => checkProfile({ ...profiles.car, ...wrong })).toThrow(
      expect.objectContaining({ code: 'GEO_PROFILE_INVALID', details: expect.objectContaining({ field }) }),
    )
  })

  it('takes a lorry without some sizes', () => {
    expect(() => checkProfile(truckProfile({ height: undefined, hazmat: true }))).not.toThrow()
  })
})
