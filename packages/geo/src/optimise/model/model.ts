import type { Break, SpeedProfile } from '../problem/problem.ts'
import type { HoursRules, HoursSoFar } from '../schedule/hours-of-service.ts'

/**
 * A problem as the search sees it: numbers only. A *task* is one visit. A *request* is what is served or left out as a whole: the
 * one task of a stop, or the two of a shipment. Places are rows of the matrices; the last one lies nowhere, at no distance from all.
 */
export interface Model {
  readonly dimensions: number
  readonly places: number
  readonly tasks: TaskTable
  readonly requests: RequestTable
  readonly vehicles: readonly VehicleModel[]
  readonly speeds: SpeedProfile | undefined
  /** Per place pair how near they are, for neighbourhoods. */
  readonly nearness: Float64Array
  /** The same transposed. */
  readonly nearnessInto: Float64Array
  /** Whether any request has two tasks. */
  readonly hasPairs: boolean
  readonly hasWindows: boolean
  readonly hasGroups: boolean
  /** Whether it matters which vehicles are used. */
  readonly isMixed: boolean
  /** All goods go one way, so that a route's load is the sum of its stops' amounts. */
  readonly hasSimpleLoads: boolean
  /** Stops that ask for nothing but room on board and, if `timed`, one window each at most; `mixed` is all else. */
  readonly shape: 'plain' | 'timed' | 'mixed'
}

/** Per task. */
export interface TaskTable {
  readonly count: number
  readonly place: Int32Array
  readonly request: Int32Array
  readonly service: Float64Array
  readonly setup: Float64Array
  /** Windows of task t: from `windowFirst[t]` to `windowFirst[t + 1]`, ascending and apart from each other. */
  readonly windowFirst: Int32Array
  readonly windowOpens: Float64Array
  readonly windowCloses: Float64Array
  /** When its first window opens and its last one closes. */
  readonly opens: Float64Array
  readonly closes: Float64Array
  /** Per task and dimension. Loaded at the depot and unloaded here. */
  readonly deliver: Float64Array
  /** Loaded here, unloaded at the depot. */
  readonly pickUp: Float64Array
  /** What the load changes by here for shipments: loaded at the pickup, minus that at the delivery. */
  readonly carry: Float64Array
  /** 0: brings goods, 1: neither, 2: takes goods; for backhauls. */
  readonly phase: Uint8Array
}

/** Per request. */
export interface RequestTable {
  readonly count: number
  readonly ids: readonly string[]
  readonly first: Int32Array
  /** −1 for stops. */
  readonly second: Int32Array
  /** What leaving it out costs. */
  readonly absence: Float64Array
  readonly isRequired: Uint8Array
  /** A figure by which large ones are inserted first. */
  readonly size: Float64Array
  /** Groups it belongs to, as places in `groups`. */
  readonly groupsOf: readonly (readonly number[])[]
  readonly groups: readonly { readonly kind: 'together' | 'apart' | 'one-of'; readonly requests: readonly number[] }[]
}

/** A vehicle. */
export interface VehicleModel {
  readonly index: number
  /** Vehicles of one kind are alike in all but their name. */
  readonly kind: number
  readonly start: number
  readonly end: number
  readonly capacity: Float64Array
  readonly opens: number
  readonly closes: number
  /** What the search minimises: per place pair, per use, per metre and second of driving (they make the arcs), and per second from start to end. */
  readonly arcs: Float64Array
  /** The same with rows and columns exchanged: the same table where both directions are alike. */
  readonly arcsInto: Float64Array
  readonly fixed: number
  readonly perMetre: number
  readonly perSecond: number
  readonly perDutySecond: number
  readonly makespanScale: number
  readonly makespanWeight: number
  readonly balanceWeight: number
  /** Money, as in plans. */
  readonly costs: {
    readonly fixed: number
    readonly perMetre: number
    readonly perSecond: number
    readonly perDutySecond: number
  }
  /** Seconds, the vehicle's speed reckoned in; never longer than with traffic. */
  readonly durations: Float64Array
  /** With rows and columns exchanged. */
  readonly durationsInto: Float64Array
  readonly distances: Float64Array
  /** Divides handling times. */
  readonly speed: number
  /** Per request. */
  readonly allowed: Uint8Array
  readonly maxDuty: number
  readonly maxDriving: number
  readonly maxDistance: number
  readonly maxStops: number
  readonly breaks: readonly Break[]
  readonly hours: HoursRules | undefined
  readonly hoursSoFar: HoursSoFar
  readonly reload: { readonly places: Int32Array; readonly duration: number; readonly maxTrips: number } | undefined
  readonly backhauls: boolean
  /** Tasks that it does first. */
  readonly locked: Int32Array
  /** Whether duty, driving or distance are limited in a way that sums over the route tell. */
  readonly hasPlainLimits: boolean
  /** Whether a route needs its timetable to know whether it can be done, or what it costs. */
  readonly needsTimetable: boolean
  /** Whether costs are more than those of the arcs. */
  readonly hasOtherCosts: boolean
}
