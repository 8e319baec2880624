import { randomBelow, randomFraction, type Random } from '@exprsn/core'
import type { Amounts, HoursOfService, ObjectiveLevel, Problem, Stop, Vehicle } from '@exprsn/geo/optimize'

/** What a random problem has, by name: each about every third time. */
export type Feature = (typeof features)[number]

/** Every constraint that problems can have. */
export const features = [
  ...([
    'capacity',
    'dimensions',
    'windows',
    'two windows',
    'service',
    'setup',
    'pickups',
    'shipments',
    'skills',
  ] as const),
  ...(['prizes', 'priorities', 'breaks', 'eu-561', 'us-fmcsa', 'max-duty', 'max-driving', 'max-distance'] as const),
  ...([
    'max-stops',
    'shift',
    'depots',
    'open',
    'fleet',
    'fixed',
    'duty costs',
    'reload',
    'backhauls',
    'together',
  ] as const),
  ...(['apart', 'one-of', 'speeds', 'asymmetric', 'unreachable', 'locked', 'objectives', 'vehicle speed'] as const),
] as const

/** A problem with whatever chance puts in. Few stops, so that constraints bite. */
export function randomProblem(
  random: Random,
  {
    stops: most = 14,
    share = 1 / 3,
    only,
  }: { readonly stops?: number; readonly share?: number; readonly only?: ReadonlySet<Feature> } = {},
): { readonly problem: Problem; readonly used: ReadonlySet<Feature> } {
  const used = only ?? new Set<Feature>(features.filter(() => randomFraction(random) < share))
  const has = (feature: Feature): boolean => used.has(feature)
  const some = (least: number, up: number): number => least + randomBelow(random, up - least + 1)
  const isHappening = (chance: number): boolean => randomFraction(random) < chance
  // Hours of service need long ways.
  const scale = has('eu-561') || has('us-fmcsa') ? 240 : 10
  const depots = has('depots') ? 2 : 1
  const count = some(1, most)
  const matrix = randomMatrix(random, {
    size: depots + count + 3,
    scale,
    isAsymmetric: has('asymmetric'),
    holes: has('unreachable'),
  })
  const horizon = scale * 400
  const dimensions = has('dimensions') ? 2 : 1
  const amounts = (up: number): Amounts => Array.from({ length: dimensions }, () => some(0, up))
  const windows = (): (readonly [number, number])[] => {
    const opens = some(0, horizon)
    const first = [opens, opens + some(scale * 5, scale * 120)] as const
    return has('two windows') ? [first, [first[1] + scale * 20, first[1] + scale * 90]] : [first]
  }
  const stop = (index: number): Stop => {
    const isPickup = has('pickups') && isHappening(0.5)
    return {
      id: `stop ${index}`,
      place: depots + randomBelow(random, count + 3),
      ...((has('windows') || has('two windows')) && isHappening(0.7) ? { windows: windows() } : {}),
      ...(has('service') ? { service: some(0, scale * 10) } : {}),
      ...(has('setup') ? { setup: some(0, scale * 5) } : {}),
      ...(has('capacity') || has('dimensions') ? (isPickup ? { pickUp: amounts(6) } : { deliver: amounts(6) }) : {}),
      ...(has('skills') && isHappening(0.4) ? { skills: isHappening(0.5) ? ['lift'] : ['lift', 'cold'] } : {}),
      ...(has('prizes') && isHappening(0.5) ? { prize: some(0, scale * 150) } : {}),
      ...(has('priorities') ? { priority: some(0, 100) } : {}),
    }
  }
  const stops = Array.from({ length: count }, (_, index) => stop(index))
  const shipments = has('shipments')
    ? Array.from({ length: some(1, Math.max(1, count >> 1)) }, (_, index) => {
        const { place, windows: pickupWindows, service, setup } = stop(index)
        return {
          id: `shipment ${index}`,
          pickup: {
            place,
            ...(pickupWindows && { windows: pickupWindows }),
            ...(service === undefined ? {} : { service }),
            ...(setup === undefined ? {} : { setup }),
          },
          delivery: { place: depots + randomBelow(random, count + 3), ...(service === undefined ? {} : { service }) },
          ...(has('capacity') ? { amount: amounts(6) } : {}),
        }
      })
    : []
  const vehicle = (index: number): Vehicle => {
    const isOther = has('fleet') && index % 2 === 1
    const hours: HoursOfService | undefined = has('eu-561') ? 'eu-561' : has('us-fmcsa') ? 'us-fmcsa' : undefined
    return {
      id: `vehicle ${index}`,
      start: has('depots') ? index % 2 : 0,
      ...(has('open') ? {} : { end: has('depots') ? index % 2 : 0 }),
      ...(has('capacity') || has('dimensions')
        ? { capacity: Array.from({ length: dimensions }, () => (isOther ? 9 : 16)) }
        : {}),
      ...(has('skills') ? { skills: isOther || index === 0 ? ['lift', 'cold'] : ['lift'] } : {}),
      ...(has('shift') ? { window: [some(0, scale * 50), horizon + some(0, scale * 200)] as const } : {}),
      ...(has('vehicle speed') ? { speed: isOther ? 2 : 0.7 } : {}),
      ...(has('fixed') || has('duty costs') || isOther
        ? {
            costs: {
              ...(has('fixed') ? { fixed: some(0, scale * 300) } : {}),
              ...(has('duty costs') ? { perDutySecond: 0.3 } : {}),
              ...(isOther ? { perMetre: 2 } : {}),
              perSecond: 1,
            },
          }
        : {}),
      ...(has('breaks')
        ? {
            breaks: [
              { id: 'lunch', windows: [[scale * 60, scale * 110] as const], duration: scale * 20 },
              {
                id: 'tea',
                windows: [[scale * 150, scale * 160] as const, [scale * 220, scale * 260] as const],
                duration: scale * 10,
              },
            ],
          }
        : {}),
      ...(hours === undefined
        ? {}
        : {
            hours,
            ...(isHappening(0.3) ? { hoursSoFar: { driving: 7_200, dailyDriving: 14_400, shortRests: 3 } } : {}),
          }),
      ...(has('max-duty') ? { maxDuty: scale * some(150, 500) } : {}),
      ...(has('max-driving') ? { maxDriving: scale * some(100, 400) } : {}),
      ...(has('max-distance') ? { maxDistance: scale * some(100, 400) } : {}),
      ...(has('max-stops') ? { maxStops: some(1, 6) } : {}),
      ...(has('reload') ? { reload: { duration: scale * 3, ...(isHappening(0.5) ? { maxTrips: 3 } : {}) } } : {}),
      ...(has('backhauls') ? { backhauls: true } : {}),
      ...(has('locked') && index === 0 ? { locked: stops.slice(0, 2).map(({ id }) => id) } : {}),
    }
  }
  const ids = [...stops, ...shipments].map(({ id }) => id).slice(has('locked') ? 2 : 0)
  const group = (kind: 'together' | 'apart' | 'one-of') => ({ kind, stops: ids.filter(() => isHappening(0.3)) })
  const kinds = (['together', 'apart', 'one-of'] as const).filter((kind) => has(kind))
  const choices: readonly (readonly ObjectiveLevel[])[] = [
    ['unassigned', 'vehicles', 'cost'],
    ['unassigned', [{ minimise: 'cost' }, { minimise: 'makespan', weight: 2 }]],
    ['unassigned', 'balance', 'distance'],
    ['unassigned', 'makespan'],
  ]
  return {
    used,
    problem: {
      vehicles: Array.from({ length: some(1, 4) }, (_, index) => vehicle(index)),
      ...{ stops, shipments, matrix },
      ...(kinds.length === 0 ? {} : { groups: kinds.map(group) }),
      ...(has('speeds')
        ? {
            speeds: {
              period: scale * 300,
              factors: [
                { from: 0, factor: 1 },
                { from: scale * 50, factor: 0.5 },
                { from: scale * 100, factor: 1.4 },
              ],
            },
          }
        : {}),
      ...(has('objectives') ? { objectives: choices[randomBelow(random, choices.length)]! } : {}),
    },
  }
}

function randomMatrix(
  random: Random,
  {
    size,
    scale,
    isAsymmetric,
    holes,
  }: { readonly size: number; readonly scale: number; readonly isAsymmetric: boolean; readonly holes: boolean },
) {
  const points = Array.from({ length: size }, () => [randomBelow(random, 60), randomBelow(random, 60)] as const)
  const durations = points.flatMap(([x, y], from) =>
    points.map(([otherX, otherY], to) => {
      if (from === to) return 0
      if (holes && randomFraction(random) < 0.04) return Infinity
      return Math.hypot(x - otherX, y - otherY) * scale * (isAsymmetric ? 0.7 + randomFraction(random) : 1)
    }),
  )
  return { rows: size, columns: size, durations, distances: durations.map((value) => value * 1.5) }
}
