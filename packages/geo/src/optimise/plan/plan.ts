import type { ObjectiveName, Place } from '../problem/problem.ts'

/** Who does what and when. Plain data. */
export interface Plan {
  /** Vehicles that are used, in the problem's order. */
  readonly routes: readonly PlanRoute[]
  readonly unassigned: readonly Unassigned[]
  /** Of all routes. Prizes of what is left out are not part of it. */
  readonly cost: number
  /** What each objective of the problem came to. */
  readonly objectives: readonly { readonly name: ObjectiveName; readonly value: number }[]
  readonly statistics: PlanStatistics
}

/** How a plan was found. */
export interface PlanStatistics {
  readonly iterations: number
  /** How often a better plan was found. */
  readonly improvements: number
  readonly milliseconds: number
  readonly seed: number
}

/** What one vehicle does. */
export interface PlanRoute {
  readonly vehicle: string
  readonly steps: readonly PlanStep[]
  readonly cost: number
  /** Metres. */
  readonly distance: number
  /** Seconds at the wheel. */
  readonly driving: number
  /** Seconds from the first step's begin to the last one's end. */
  readonly duty: number
}

/** What happens at a place, or on the way. Whatever lies between the end of a step and the arrival of the next is driving. */
export interface PlanStep {
  readonly type: 'start' | 'stop' | 'pickup' | 'delivery' | 'break' | 'rest' | 'reload' | 'end'
  /** Of the stop, shipment or break. */
  readonly id?: string | undefined
  /** Undefined: on the way to the next place. */
  readonly place?: Place | undefined
  /** Seconds. */
  readonly arrival: number
  /** When handling begins, after waiting. */
  readonly begin: number
  readonly end: number
  /** On board when it is over. */
  readonly load: readonly number[]
}

/** What no vehicle does, and why. */
export interface Unassigned {
  /** Id of the stop or shipment. */
  readonly stop: string
  readonly reason: UnassignedReason
  /** A sentence for people. */
  readonly explanation: string
  /** What serving it would cost if one constraint did not hold, the cheapest first. */
  readonly relaxing: readonly { readonly constraint: Constraint; readonly cost: number }[]
}

/** What can forbid a route. */
export type Constraint =
  | 'skills'
  | 'capacity'
  | 'windows'
  | 'shift'
  | 'breaks'
  | 'hours'
  | 'max-duty'
  | 'max-driving'
  | 'max-distance'
  | 'max-stops'
  | 'unreachable'
  | 'backhauls'
  | 'group'
  | 'locked'

/**
 * A constraint that no vehicle could keep even with nothing else to do; `fleet`: each could, but all are occupied;
 * `prize`: serving it costs more than leaving it out; `several`: no single constraint is to blame; `unfinished`: the search was
 * over before it found a place for it, or the reason why there is none.
 */
export type UnassignedReason = Constraint | 'fleet' | 'prize' | 'several' | 'unfinished'
