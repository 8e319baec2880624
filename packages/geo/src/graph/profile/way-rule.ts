import { roadClasses, roadFlags, type RoadClass } from '../road-class.ts'
import { accessOf, type Tags } from './access.ts'
import { secondsOf, speedOf } from './quantities.ts'
import type { RoadProfile } from './road-profile.ts'
import { fits, sizeLimits, type SizeLimits } from './size-limits.ts'

/** What a profile makes of a way. */
export interface WayRule {
  /** Place in `roadClasses`. */
  readonly roadClass: number
  /** Sum of `roadFlags`. */
  readonly flags: number
  /** km/h in the direction of the way, 0 where it is closed. */
  readonly forward: number
  /** km/h against the direction of the way, 0 where it is closed. */
  readonly backward: number
  /** Seconds for the whole way, whatever the speed. */
  readonly duration: number | undefined
  /** What it lets through; undefined where nothing is said, or the profile asks for nothing. */
  readonly limits: SizeLimits | undefined
}

/** Values of `highway` that are called otherwise in {@link roadClasses}. */
const otherNames: Readonly<Record<string, RoadClass>> = {
  road: 'unclassified',
  crossing: 'footway',
  corridor: 'footway',
}
const unpavedSurfaces = new Set(
  'unpaved compacted fine_gravel gravel dirt earth ground grass mud sand pebblestone rock woodchips'.split(' '),
)

/** Whether and how fast a profile may use a way; undefined where not at all. */
export function wayRule(profile: RoadProfile, tags: Tags): WayRule | undefined {
  const kind = kindOf(tags)
  if (kind === undefined) return undefined
  const limits = profile.vehicle && sizeLimits(tags)
  if (limits !== undefined && !fits(profile.vehicle!, limits)) return undefined
  const found = accessOf(tags, profile.access)
  if (found?.access === 'closed') return undefined
  const isPermitted = found !== undefined && found.key !== 'access' && found.access === 'open'
  const speed = profile.speeds[kind.name] ?? (isPermitted ? profile.permitted?.[kind.name] : undefined)
  if (speed === undefined) return undefined
  const base = kind.isLink ? speed * (profile.linkShare ?? 1) : speed
  const cap = capOf(profile, tags)
  const ways = directionsOf(profile, tags, kind.name === 'motorway' && !kind.isLink)
  const speedTo = (direction: 'forward' | 'backward'): number =>
    ways[direction] ? Math.min(cap, limitOf(profile, tags, direction) ?? base) : 0
  const forward = speedTo('forward')
  const backward = speedTo('backward')
  if (forward === 0 && backward === 0) return undefined
  return {
    roadClass: roadClasses.indexOf(kind.name),
    flags: flagsOf(tags, kind.isLink) | (found?.access === 'noThrough' ? roadFlags.noThrough : 0),
    forward,
    backward,
    duration: kind.name === 'ferry' ? secondsOf(tags.get('duration')) : undefined,
    limits,
  }
}

function kindOf(tags: Tags): { readonly name: RoadClass; readonly isLink: boolean } | undefined {
  const highway = tags.get('highway')
  if (highway === undefined) return tags.get('route') === 'ferry' ? { name: 'ferry', isLink: false } : undefined
  if (tags.get('area') === 'yes') return undefined
  const isLink = highway.endsWith('_link')
  const plain = isLink ? highway.slice(0, -5) : highway
  const name = Object.hasOwn(otherNames, plain)
    ? otherNames[plain]
    : roadClasses.find((candidate) => candidate === plain)
  return name === undefined || name === 'ferry' ? undefined : { name, isLink }
}

function capOf({ caps = {}, topSpeed }: RoadProfile, tags: Tags): number {
  let cap = topSpeed
  for (const [key, values] of Object.entries(caps)) {
    const value = tags.get(key)
    if (value !== undefined && Object.hasOwn(values, value)) cap = Math.min(cap, values[value]!)
  }
  return cap
}

function limitOf({ limits = [], limitShare = 1 }: RoadProfile, tags: Tags, direction: string): number | undefined {
  for (const key of limits) {
    const limit = speedOf(tags.get(`${key}:${direction}`) ?? tags.get(key))
    if (limit !== undefined) return limit * limitShare
  }
  return undefined
}

/** OpenStreetMap wiki, "Key:oneway": motorways and roundabouts are one-way where nothing else is said. */
function directionsOf({ oneway = [] }: RoadProfile, tags: Tags, isMotorway: boolean) {
  const value = oneway.map((key) => tags.get(key)).find((candidate) => candidate !== undefined)
  const both = { forward: true, backward: true }
  if (value === 'no' || value === 'false' || value === '0') return both
  if (value === '-1' || value === 'reverse') return { forward: false, backward: true }
  // Which way it may be gone changes by the hour.
  if (value === 'reversible' || value === 'alternating') return { forward: false, backward: false }
  if (oneway.includes('oneway:bicycle') && isOpposite(tags)) return both
  if (value !== undefined) return { forward: true, backward: false }
  const isImplied = isRound(tags) || isMotorway
  return isImplied && oneway.includes('oneway') ? { forward: true, backward: false } : both
}

function isOpposite(tags: Tags): boolean {
  return ['cycleway', 'cycleway:left', 'cycleway:right'].some((key) => tags.get(key)?.startsWith('opposite') === true)
}

function isRound(tags: Tags): boolean {
  const junction = tags.get('junction')
  return junction === 'roundabout' || junction === 'circular'
}

function flagsOf(tags: Tags, isLink: boolean): number {
  const isSet = (key: string): boolean => tags.has(key) && tags.get(key) !== 'no'
  return (
    (isLink ? roadFlags.link : 0) |
    (isRound(tags) ? roadFlags.roundabout : 0) |
    (isSet('toll') ? roadFlags.toll : 0) |
    (isSet('tunnel') ? roadFlags.tunnel : 0) |
    (isSet('bridge') ? roadFlags.bridge : 0) |
    (unpavedSurfaces.has(tags.get('surface') ?? '') ? roadFlags.unpaved : 0)
  )
}
