import type { Position } from '../../coordinates/position.ts'
import type { Router } from '../../routing/port/router.ts'
import type { HoursOfService, HoursSoFar } from '../schedule/hours-of-service.ts'

/**
 * Vehicles and what they have to do. Plain data apart from `router`, so it can be kept as JSON. Times are seconds since a moment
 * of your choice, such as midnight of the first day; durations are seconds, distances metres.
 */
export interface Problem {
  readonly vehicles: readonly Vehicle[]
  /** Visits that stand alone: deliveries from the depot, collections to it, services. @default [] */
  readonly stops?: readonly Stop[] | undefined
  /** Goods from one place to another, both visited by the same vehicle. @default [] */
  readonly shipments?: readonly Shipment[] | undefined
  /** How far it is from place to place, for vehicles without a `profile`. @default from `router`, else straight lines */
  readonly matrix?: TravelMatrix | undefined
  /** Matrices for vehicles with a `profile`. @default {} */
  readonly matrices?: Readonly<Record<string, TravelMatrix>> | undefined
  /** Asked for the matrix between all positions where there is no `matrix`. */
  readonly router?: Pick<Router, 'matrix'> | undefined
  /** How positions become a matrix without a router. */
  readonly straightLines?: StraightLines | undefined
  /** Stops that belong together or do not. @default [] */
  readonly groups?: readonly StopGroup[] | undefined
  /** How fast traffic moves by the hour. @default always as the matrix says */
  readonly speeds?: SpeedProfile | undefined
  /**
   * What to minimise, the most important first; an entry that is a list weighs its members against each other.
   * @default ['unassigned', 'cost']
   */
  readonly objectives?: readonly ObjectiveLevel[] | undefined
}

/** A row or column of the matrix, or a position: longitude and latitude. One problem uses one kind. */
export type Place = number | Position

/** A table of what travel takes, row by row: the cell of row r and column c is at `r * columns + c`. NaN or Infinity: no way. */
export interface TravelMatrix {
  readonly rows: number
  readonly columns: number
  /** Seconds. @default 0: travel takes no time */
  readonly durations?: ArrayLike<number> | undefined
  /** Metres. @default as `durations` */
  readonly distances?: ArrayLike<number> | undefined
}

/** Travel as the crow flies, lengthened. */
export interface StraightLines {
  /** Times the great-circle distance. @default 1.3 */
  readonly detour?: number | undefined
  /** Metres per second. @default 13.9 (50 km/h) */
  readonly speed?: number | undefined
}

/** From when to when, in seconds; both ends included. */
export type TimeWindow = readonly [opens: number, closes: number]

/** What a vehicle can carry, or a stop needs: one number per dimension, such as kilograms and pallets. */
export type Amounts = readonly number[]

/** A visit. */
export interface Stop {
  readonly id: string
  readonly place: Place
  /** When its handling may begin; earlier arrivals wait. @default any time */
  readonly windows?: readonly TimeWindow[] | undefined
  /** Seconds that handling takes. @default 0 */
  readonly service?: number | undefined
  /** Seconds before handling, saved where the vehicle comes from a stop at the same place. @default 0 */
  readonly setup?: number | undefined
  /** Brought from where the vehicle loads. @default [] */
  readonly deliver?: Amounts | undefined
  /** Taken along to where the vehicle unloads. @default [] */
  readonly pickUp?: Amounts | undefined
  /** A vehicle needs all of them. @default [] */
  readonly skills?: readonly string[] | undefined
  /** What leaving it out costs; with a prize a stop is optional. @default none: it must be served if that is possible */
  readonly prize?: number | undefined
  /** From 0 to 100: where not all stops can be served, those of high priority are. @default 0 */
  readonly priority?: number | undefined
}

/** One end of a shipment. */
export interface ShipmentEnd {
  readonly place: Place
  readonly windows?: readonly TimeWindow[] | undefined
  readonly service?: number | undefined
  readonly setup?: number | undefined
}

/** Goods that a vehicle takes up at one place and brings to another. In plans its ends are `pickup` and `delivery` steps. */
export interface Shipment {
  readonly id: string
  readonly pickup: ShipmentEnd
  readonly delivery: ShipmentEnd
  /** @default [] */
  readonly amount?: Amounts | undefined
  readonly skills?: readonly string[] | undefined
  readonly prize?: number | undefined
  readonly priority?: number | undefined
}

/** What serves stops. */
export interface Vehicle {
  readonly id: string
  /** Where it begins. @default at its first stop */
  readonly start?: Place | undefined
  /** Where it ends. @default at its last stop (an open route) */
  readonly end?: Place | undefined
  /** @default [] */
  readonly capacity?: Amounts | undefined
  readonly skills?: readonly string[] | undefined
  /** When it may be on its way. @default any time */
  readonly window?: TimeWindow | undefined
  /** Which of `matrices` it travels by. @default `matrix` */
  readonly profile?: string | undefined
  /** Travel and handling times are divided by it. @default 1 */
  readonly speed?: number | undefined
  readonly costs?: VehicleCosts | undefined
  readonly breaks?: readonly Break[] | undefined
  /** The rules of driving and rest that its driver is under. @default none */
  readonly hours?: HoursOfService | undefined
  /** What its driver has done already under `hours`. @default comes from a full rest */
  readonly hoursSoFar?: HoursSoFar | undefined
  /** Seconds from start to end at most, whenever it starts. @default unlimited */
  readonly maxDuty?: number | undefined
  /** Seconds of driving at most. @default unlimited */
  readonly maxDriving?: number | undefined
  /** Metres at most. @default unlimited */
  readonly maxDistance?: number | undefined
  /** Visits at most. @default unlimited */
  readonly maxStops?: number | undefined
  /** Where and how often it may unload and load again on its way. @default never */
  readonly reload?: Reload | undefined
  /** Whether all that is delivered comes before what is picked up (VRP with backhauls). @default false */
  readonly backhauls?: boolean | undefined
  /** What it does first, in this order: ids of stops and shipments (first its pickup, then its delivery). Never changed. @default [] */
  readonly locked?: readonly string[] | undefined
}

/** What using a vehicle costs, in units of your choice. */
export interface VehicleCosts {
  /** When it is used at all. @default 0 */
  readonly fixed?: number | undefined
  /** Per metre. @default 0, or 1 where a problem has no durations */
  readonly perMetre?: number | undefined
  /** Per second of driving. @default 1, or 0 when `perMetre` or `perDutySecond` is given */
  readonly perSecond?: number | undefined
  /** Per second from start to end, waiting and handling included. @default 0 */
  readonly perDutySecond?: number | undefined
}

/** A rest at any place on the way. It is due for whoever is under way from before it opens until after it closes. */
export interface Break {
  readonly id: string
  /** When it may begin. */
  readonly windows: readonly TimeWindow[]
  readonly duration: number
}

/** Loading again on the way. */
export interface Reload {
  /** @default the vehicle's start */
  readonly places?: readonly Place[] | undefined
  /** Seconds. @default 0 */
  readonly duration?: number | undefined
  /** Trips at most, the first included. @default unlimited */
  readonly maxTrips?: number | undefined
}

/** `together`: those that are served are served by one vehicle. `apart`: by different ones. `one-of`: at most one is served. */
export interface StopGroup {
  readonly kind: 'together' | 'apart' | 'one-of'
  /** Ids of stops and shipments. */
  readonly stops: readonly string[]
}

/** How fast traffic moves: `factor` times the matrix's speed from `from` on. It repeats. */
export interface SpeedProfile {
  /** Seconds. @default 86400 */
  readonly period?: number | undefined
  /** Ascending from 0. */
  readonly factors: readonly { readonly from: number; readonly factor: number }[]
}

/**
 * Something to minimise. `unassigned`: what is left out of stops without a prize, by priority. `cost`: of vehicles; prizes of stops left
 * out are added to it, or to whatever else routes' ways are minimised by. `makespan`: the longest duty. `balance`: the sum of squares of
 * duties over their mean, which is least when they are equal.
 */
export type ObjectiveName =
  | 'unassigned'
  | 'vehicles'
  | 'cost'
  | 'distance'
  | 'driving'
  | 'duty'
  | 'makespan'
  | 'balance'

/** An objective with its weight within a level. */
export interface WeightedObjective {
  readonly minimise: ObjectiveName
  /** @default 1 */
  readonly weight?: number | undefined
}

/** Objectives of the same rank. */
export type ObjectiveLevel = ObjectiveName | readonly WeightedObjective[]
