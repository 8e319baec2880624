import { describe, expect, it } from 'vitest'
import { roadClasses, roadFlags } from '../road-class.ts'
import { metresOf, secondsOf, speedOf, tonnesOf } from './quantities.ts'
import { nodeRule } from './node-rule.ts'
import { profiles, truckProfile } from './profiles.ts'
import type { RoadProfile } from './road-profile.ts'
import { wayRule } from './way-rule.ts'

/** `highway=residential maxspeed=30` */
function tagsOf(text: string): Map<string, string> {
  return new Map(text.split(' ').map((tag) => tag.split('=') as [string, string]))
}

/** Speeds both ways and whether one may pass through: `27 27`, `0 27`, `14 14 noThrough`, `closed`. */
function rule(profile: RoadProfile, text: string): string {
  const found = wayRule(profile, tagsOf(text.replaceAll('~', '')))
  if (found === undefined) return 'closed'
  const isNoThrough = (found.flags & roadFlags.noThrough) !== 0
  return `${Math.round(found.forward)} ${Math.round(found.backward)}${isNoThrough ? ' noThrough' : ''}`
}

describe('wayRule of a car', () => {
  it.each([
    ['highway=residential', '28 28'],
    ['highway=residential maxspeed=30', '27 27'],
    ['highway=primary maxspeed=80', '72 72'],
    ['highway=primary maxspeed=50 maxspeed:backward=70', '45 63'],
    ['highway=primary maxspeed=none', '65 65'],
    ['highway=motorway', '110 0'],
    ['highway=motorway maxspeed=200', '130 0'],
    ['highway=motorway oneway=no', '110 110'],
    ['highway=motorway_link', '66 66'],
    ['highway=secondary oneway=yes', '55 0'],
    ['highway=secondary oneway=-1', '0 55'],
    ['highway=secondary oneway=reversible', 'closed'],
    ['highway=tertiary junction=roundabout', '45 0'],
    ['highway=tertiary junction=circular oneway=no', '45 45'],
    ['highway=residential oneway=yes oneway:bicycle=no', '28 0'],
    ['highway=footway', 'closed'],
    ['highway=construction', 'closed'],
    ['highway=proposed', 'closed'],
    ['highway=toString', 'closed'],
    ['highway=ferry', 'closed'],
    ['railway=rail', 'closed'],
    ['highway=service area=yes', 'closed'],
    ['highway=track', 'closed'],
    ['highway=track motor_vehicle=yes', '15 15'],
    ['highway=track access=yes', 'closed'],
    ['highway=track motor_vehicle=yes tracktype=grade5', '8 8'],
    ['highway=residential access=no', 'closed'],
    ['highway=residential motor_vehicle=agricultural', 'closed'],
    ['highway=residential access=no motor_vehicle=yes', '28 28'],
    ['highway=residential access=yes vehicle=no', 'closed'],
    ['highway=residential access=private', '28 28 noThrough'],
    ['highway=residential motorcar=destination', '28 28 noThrough'],
    ['highway=residential bicycle=no', '28 28'],
    ['highway=tertiary surface=gravel', '40 40'],
    ['highway=tertiary surface=gravel smoothness=impassable', 'closed'],
    ['highway=tertiary maxspeed=100 surface=sand', '15 15'],
    ['route=ferry', '15 15'],
    ['route=ferry motor_vehicle=no', 'closed'],
    ['route=hiking', 'closed'],
  ])('%s: %s', (tags, expected) => {
    expect(rule(profiles.car, tags)).toBe(expected)
  })

  it('names class and flags', () => {
    const found = wayRule(
      profiles.car,
      tagsOf('highway=trunk_link toll=yes tunnel=building_passage bridge=no surface=dirt'),
    )!
    expect(roadClasses[found.roadClass]).toBe('trunk')
    expect(found.flags).toBe(roadFlags.link | roadFlags.toll | roadFlags.tunnel | roadFlags.unpaved)
    const other = wayRule(profiles.car, tagsOf('highway=road junction=roundabout bridge=yes'))!
    expect(roadClasses[other.roadClass]).toBe('unclassified')
    expect(other.flags).toBe(roadFlags.roundabout | roadFlags.bridge)
  })

  it('takes how long a ferry takes', () => {
    expect(wayRule(profiles.car, tagsOf('route=ferry duration=1:30'))!.duration).toBe(5_400)
    expect(wayRule(profiles.car, tagsOf('highway=service duration=1:30'))!.duration).toBeUndefined()
  })
})

describe('wayRule of a lorry', () => {
  it.each([
    ['highway=primary maxheight=4', '60 60'],
    ['highway=primary maxheight=3.99', 'closed'],
    ['highway=primary maxheight=12\'6"', 'closed'],
    ['highway=primary maxheight=default', '60 60'],
    ['highway=primary maxweight=7.5', 'closed'],
    ['highway=primary maxweight=7.5 maxweight:hgv=40', '60 60'],
    ['highway=primary maxweightrating=3.5', 'closed'],
    ['highway=primary maxwidth=2.5', 'closed'],
    ['highway=primary maxlength=12', 'closed'],
    ['highway=primary maxaxleload=8', 'closed'],
    ['highway=primary hazmat=no', '60 60'],
    ['highway=primary hgv=no', 'closed'],
    ['highway=primary hgv=destination', '60 60 noThrough'],
    ['highway=primary motor_vehicle=no hgv=yes', '60 60'],
    ['highway=primary maxspeed=100 maxspeed:hgv=60', '54 54'],
    ['highway=motorway maxspeed=130', '90 0'],
  ])('%s: %s', (tags, expected) => {
    expect(rule(profiles.truck, tags)).toBe(expected)
  })

  it('takes its own sizes', () => {
    const small = truckProfile({ height: 2.5, width: 2, length: 6, weight: 7.5, axleLoad: 5, hazmat: true })
    expect(rule(small, 'highway=primary maxheight=2.5 maxweight=7.5 maxwidth=2 maxlength=6 maxaxleload=5')).toBe(
      '60 60',
    )
    expect(rule(small, 'highway=primary hazmat=no')).toBe('closed')
  })
})

describe('wayRule of a bicycle and a walker', () => {
  it.each([
    ['highway=cycleway', '18 18', '5 5'],
    ['highway=motorway', 'closed', 'closed'],
    ['highway=trunk', 'closed', 'closed'],
    ['highway=trunk bicycle=yes foot=yes', '18 18', '5 5'],
    ['highway=footway', 'closed', '5 5'],
    ['highway=footway bicycle=yes', '8 8', '5 5'],
    ['highway=footway access=yes', 'closed', '5 5'],
    ['highway=steps', 'closed', '2 2'],
    ['highway=residential oneway=yes', '18 0', '5 5'],
    ['highway=residential oneway=yes oneway:bicycle=no', '18 18', '5 5'],
    ['highway=residential oneway=yes cycleway=opposite_lane', '18 18', '5 5'],
    ['highway=residential oneway=yes cycleway:left=opposite', '18 18', '5 5'],
    ['highway=footway oneway:foot=yes', 'closed', '5 0'],
    ['highway=primary bicycle=use_sidepath', 'closed', '5 5'],
    ['highway=path sac_scale=alpine_hiking', '12 12', '2 2'],
    ['highway=track surface=mud', '4 4', '5 5'],
    ['highway=crossing', 'closed', '5 5'],
  ])('%s: %s, %s', (tags, bike, foot) => {
    expect([rule(profiles.bike, tags), rule(profiles.foot, tags)]).toEqual([bike, foot])
  })
})

describe('nodeRule', () => {
  it.each([
    ['barrier=bollard', 'closed', undefined, undefined],
    ['barrier=bollard motor_vehicle=yes', undefined, undefined, undefined],
    ['barrier=gate', 10_000, undefined, undefined],
    ['barrier=gate access=no', 'closed', 'closed', 'closed'],
    ['barrier=gate access=private', 10_000, undefined, undefined],
    ['barrier=stile', 'closed', 'closed', undefined],
    ['barrier=fence foot=yes', 'closed', 'closed', undefined],
    ['barrier=lift_gate vehicle=no', 'closed', 'closed', undefined],
    ['highway=traffic_signals', 2_000, undefined, undefined],
    ['highway=crossing', undefined, undefined, undefined],
  ])('%s for car, bicycle, walker: %s, %s, %s', (tags, ...expected) => {
    const found = [profiles.car, profiles.bike, profiles.foot].map((profile) => nodeRule(profile, tagsOf(tags)))
    expect(found.map((node) => (node?.isClosed === true ? 'closed' : node?.delay))).toEqual(expected)
  })
})

describe('quantities', () => {
  it.each([
    ['50', 50],
    [' 50 km/h', 50],
    ['30 mph', 48.28],
    ['5 knots', 9.26],
    ['walk', 6],
    ['0', undefined],
    ['none', undefined],
    ['DE:urban', undefined],
    ['50;30', undefined],
    [undefined, undefined],
  ])('speedOf(%j) is %s', (text, expected) => {
    expect(speedOf(text)?.toFixed(2)).toBe(expected?.toFixed(2))
  })

  it.each([
    ['3.8', 3.8],
    ['3,8 m', 3.8],
    ['380 cm', 3.8],
    ['12\'6"', 3.81],
    ["12'", 3.66],
    ['12 ft 6 in', 3.81],
    ['below_default', undefined],
    [undefined, undefined],
  ])('metresOf(%j) is %s', (text, expected) => {
    expect(metresOf(text)?.toFixed(2)).toBe(expected?.toFixed(2))
  })

  it.each([
    ['7.5', 7.5],
    ['3500 kg', 3.5],
    ['5 st', 4.54],
    ['40000 lbs', 18.14],
    ['unsigned', undefined],
    [undefined, undefined],
  ])('tonnesOf(%j) is %s', (text, expected) => {
    expect(tonnesOf(text)?.toFixed(2)).toBe(expected?.toFixed(2))
  })

  it.each([
    ['45', 2_700],
    ['1:30', 5_400],
    ['1:30:20', 5_420],
    ['PT1H30M', 5_400],
    ['P1DT1H', 90_000],
    ['0', undefined],
    ['P', undefined],
    ['1:3', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('secondsOf(%j) is %s', (text, expected) => {
    expect(secondsOf(text)).toBe(expected)
  })
})
