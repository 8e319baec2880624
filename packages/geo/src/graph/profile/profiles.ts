import type { RoadProfile, Speeds, VehicleSize } from './road-profile.ts'

const carSpeeds: Speeds = {
  motorway: 110,
  trunk: 90,
  primary: 65,
  secondary: 55,
  tertiary: 45,
  unclassified: 40,
  residential: 28,
  living_street: 10,
  service: 15,
  ferry: 15,
}

const carCaps = {
  surface: {
    ...{ compacted: 60, fine_gravel: 50, gravel: 40, unpaved: 40, dirt: 25, earth: 25, ground: 25, grass: 15, mud: 8 },
    ...{ sand: 15, sett: 45, cobblestone: 25, unhewn_cobblestone: 20, paving_stones: 60, pebblestone: 30, wood: 20 },
  },
  smoothness: { bad: 40, very_bad: 20, horrible: 10, very_horrible: 5, impassable: 0 },
  tracktype: { grade3: 20, grade4: 12, grade5: 8 },
} as const

const motorBarriers = [
  ...['bollard', 'block', 'jersey_barrier', 'log', 'debris', 'fence', 'wall', 'hedge', 'chain', 'cycle_barrier'],
  ...['kissing_gate', 'stile', 'turnstile', 'motorcycle_barrier', 'horse_stile', 'full-height_turnstile', 'planter'],
]

const motorTurns = {
  angles: [
    { upTo: 30, seconds: 0 },
    { upTo: 75, seconds: 2.5 },
    { upTo: 135, seconds: 4 },
    { upTo: 180, seconds: 6 },
  ],
  uTurn: 10,
  delays: {
    'highway=traffic_signals': 2,
    'barrier=gate': 10,
    'barrier=lift_gate': 10,
    'barrier=toll_booth': 15,
    'railway=level_crossing': 2,
  },
}

const car: RoadProfile = {
  name: 'car',
  access: ['access', 'vehicle', 'motor_vehicle', 'motorcar'],
  speeds: carSpeeds,
  permitted: { track: 15, pedestrian: 8 },
  linkShare: 0.6,
  topSpeed: 130,
  limits: ['maxspeed'],
  limitShare: 0.9,
  caps: carCaps,
  oneway: ['oneway'],
  barriers: motorBarriers,
  turns: { ...motorTurns, modes: ['motorcar', 'motor_vehicle', 'vehicle'] },
}

const bike: RoadProfile = {
  name: 'bike',
  access: ['access', 'vehicle', 'bicycle'],
  speeds: {
    ...{ primary: 18, secondary: 18, tertiary: 18, unclassified: 18, residential: 18, living_street: 12 },
    ...{ service: 15, track: 13, cycleway: 18, path: 12, ferry: 10 },
  },
  permitted: { trunk: 18, pedestrian: 8, footway: 8, bridleway: 10, steps: 2 },
  topSpeed: 25,
  caps: {
    surface: {
      ...{ compacted: 16, fine_gravel: 14, gravel: 11, unpaved: 13, dirt: 11, earth: 11, ground: 11, grass: 7, mud: 4 },
      ...{ sand: 5, sett: 12, cobblestone: 9, unhewn_cobblestone: 6, pebblestone: 9, wood: 12 },
    },
    smoothness: { bad: 12, very_bad: 8, horrible: 5, very_horrible: 3, impassable: 0 },
    tracktype: { grade3: 13, grade4: 10, grade5: 7 },
  },
  oneway: ['oneway:bicycle', 'oneway'],
  barriers: ['fence', 'wall', 'hedge', 'turnstile', 'full-height_turnstile', 'stile', 'kissing_gate'],
}

const foot: RoadProfile = {
  name: 'foot',
  access: ['access', 'foot'],
  speeds: {
    ...{
      primary: 5,
      secondary: 5,
      tertiary: 5,
      unclassified: 5,
      residential: 5,
      living_street: 5,
      service: 5,
      track: 5,
    },
    ...{ pedestrian: 5, footway: 5, path: 4.5, cycleway: 4.5, bridleway: 4, steps: 2, ferry: 10 },
  },
  permitted: { trunk: 5 },
  topSpeed: 10,
  caps: {
    sac_scale: { mountain_hiking: 3.5, demanding_mountain_hiking: 2.5, alpine_hiking: 1.5, demanding_alpine_hiking: 1 },
  },
  oneway: ['oneway:foot'],
  barriers: ['fence', 'wall', 'hedge'],
}

/** A lorry of 40 tonnes as they are usual in Europe. */
const usualTruck: VehicleSize = { height: 4, width: 2.55, length: 16.5, weight: 40, axleLoad: 11.5 }

/**
 * The profile of a lorry.
 *
 * @param vehicle What is left out is that of a lorry of 40 t: 4 m high, 2.55 m wide, 16.5 m long, 11.5 t an axle.
 * @example
 * ```ts
 * import { truckProfile } from '@exprsn/geo/graph'
 *
 * console.log(truckProfile({ height: 3.2, weight: 12 }).vehicle?.height) // 3.2
 * ```
 */
export function truckProfile(vehicle: VehicleSize = {}): RoadProfile {
  return {
    ...car,
    name: 'truck',
    access: ['access', 'vehicle', 'motor_vehicle', 'goods', 'hgv'],
    speeds: {
      ...carSpeeds,
      motorway: 80,
      trunk: 75,
      primary: 60,
      secondary: 50,
      tertiary: 40,
      unclassified: 30,
    },
    topSpeed: 90,
    limits: ['maxspeed:hgv', 'maxspeed'],
    vehicle: { ...usualTruck, ...vehicle },
    turns: { ...motorTurns, modes: ['hgv', 'goods', 'motor_vehicle', 'vehicle'], uTurn: 30 },
  }
}

/** Profiles to begin with; write your own by spreading one: `{ ...profiles.car, name: 'van', topSpeed: 100 }`. */
export const profiles = { car, truck: truckProfile(), bike, foot } as const
