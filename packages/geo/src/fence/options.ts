import { milliseconds, type Duration } from '@exprsn/core'
import { fenceErrors } from './errors.ts'
import type { FenceFeature } from './feature.ts'
import type { BoundaryRule } from './index/outline-index.ts'
import type { EdgeType } from './shape/read-shape.ts'

/** Options of `createFences`. */
export interface FencesOptions {
  /** The fences to begin with. @default none */
  readonly features?: readonly FenceFeature[] | undefined
  /** Straight in longitude and latitude, or along great circles. @default 'planar' */
  readonly edges?: EdgeType | undefined
  /** What a position exactly on a border counts as. @default 'inside' */
  readonly boundary?: BoundaryRule | undefined
  /** So many fixes inside in a row are an entry. @default 1 */
  readonly enterAfter?: number | undefined
  /** So many fixes outside in a row are an exit. @default 2 */
  readonly exitAfter?: number | undefined
  /** Nearer to a border than this, in metres, a fix changes nothing; the same holds within its accuracy. @default 0 */
  readonly margin?: number | undefined
  /** After so long inside `dwell` is reported. A feature's property wins. @default never */
  readonly dwell?: Duration | undefined
  /** Metres outside within which `approach` is reported. A feature's property wins. @default never */
  readonly approach?: number | undefined
  /** Whether a way through a fence that has no fix inside is reported, which costs some microseconds per fix. @default false */
  readonly cross?: boolean | undefined
  /** Between fixes farther apart in time nothing is known of the way. @default '5m' */
  readonly longestGap?: Duration | undefined
  /** Fixes wait so long for older ones that come late; what comes later still is left out. @default 0 */
  readonly lateness?: Duration | undefined
  /** After so long without a fix `advance` forgets an object, leaving its fences. @default never */
  readonly timeToLive?: Duration | undefined
}

/** The options with everything filled in. Durations in milliseconds. */
export interface FenceRules {
  readonly edges: EdgeType
  readonly boundary: BoundaryRule
  readonly enterAfter: number
  readonly exitAfter: number
  readonly margin: number
  readonly dwell: number
  readonly approach: number
  readonly cross: boolean
  readonly longestGap: number
  readonly lateness: number
  readonly timeToLive: number
}

/** Fills in the options. @throws `GEO_FENCE_OPTION_INVALID`, `CORE_DURATION_INVALID` */
export function fenceRules(options: FencesOptions): FenceRules {
  return {
    edges: oneOf('edges', options.edges ?? 'planar', ['planar', 'geodesic']),
    boundary: oneOf('boundary', options.boundary ?? 'inside', ['inside', 'outside', 'half-open']),
    enterAfter: count('enterAfter', options.enterAfter ?? 1),
    exitAfter: count('exitAfter', options.exitAfter ?? 2),
    margin: metres('margin', options.margin ?? 0),
    dwell: options.dwell === undefined ? Infinity : milliseconds(options.dwell),
    approach: metres('approach', options.approach ?? 0),
    cross: options.cross ?? false,
    longestGap: milliseconds(options.longestGap ?? '5m'),
    lateness: milliseconds(options.lateness ?? 0),
    timeToLive: options.timeToLive === undefined ? Infinity : milliseconds(options.timeToLive),
  }
}

function oneOf<Value extends string>(option: string, value: Value, allowed: readonly Value[]): Value {
  if (allowed.includes(value)) return value
  throw invalid(option, `"${value}" is none of ${allowed.join(', ')}`)
}

function count(option: string, value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= 100) return value
  throw invalid(option, `${value} is not a whole number from 1 to 100`)
}

function metres(option: string, value: number): number {
  if (Number.isFinite(value) && value >= 0 && value <= 100_000) return value
  throw invalid(option, `${value} is not a number of metres from 0 to 100000`)
}

function invalid(option: string, reason: string) {
  return fenceErrors.GEO_FENCE_OPTION_INVALID({ option, reason })
}
