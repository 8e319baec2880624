import type { Violation } from '../check/check-solution.ts'
import type { Constraint, Unassigned } from '../plan/plan.ts'

/** Why a plan is as it is. Plain data, and the same as text. */
export interface PlanExplanation {
  /** In the plan's order. */
  readonly routes: readonly RouteExplanation[]
  readonly unassigned: readonly Unassigned[]
  /** Ids of vehicles without a route. */
  readonly idle: readonly string[]
  /** By component, of all routes. */
  readonly costs: CostComponents
  /** What `checkSolution` says. */
  readonly violations: readonly Violation[]
  /** Everything above for people, line by line. */
  readonly text: string
}

/** What costs are made of. */
export interface CostComponents {
  readonly fixed: number
  /** Of metres. */
  readonly distance: number
  /** Of seconds at the wheel. */
  readonly driving: number
  /** Of seconds from start to end. */
  readonly duty: number
  readonly total: number
}

/** One vehicle's day. Durations are seconds. */
export interface RouteExplanation {
  readonly vehicle: string
  readonly begin: number
  readonly end: number
  readonly costs: CostComponents
  /** Metres. */
  readonly distance: number
  readonly driving: number
  readonly handling: number
  readonly waiting: number
  /** Breaks and rests. */
  readonly pauses: number
  /** Per dimension the most that is on board, and what there is room for (Infinity: no limit). */
  readonly load: readonly { readonly most: number; readonly capacity: number }[]
  /** Limits of the vehicle and how much of them is used up. */
  readonly limits: readonly { readonly limit: Constraint; readonly used: number; readonly allowed: number }[]
  /** What rules of driving and rest did to it. */
  readonly hours?: HoursExplanation | undefined
  readonly stops: readonly StopExplanation[]
}

/** One visit and what holds it where it is. */
export interface StopExplanation {
  /** Of the stop or shipment. */
  readonly id: string
  readonly type: 'stop' | 'pickup' | 'delivery'
  /** `done` and what is `in-progress` are told by `now`, or by where a vehicle starts; `locked` is what it must do first. */
  readonly status: 'planned' | 'locked' | 'in-progress' | 'done'
  readonly arrival: number
  readonly begin: number
  readonly end: number
  /** Seconds before its handling begins. */
  readonly waiting: number
  /** Seconds that it may begin later with everything behind it still in time; negative: it is late. */
  readonly slack: number
  /** What ends the slack: its own window, a later visit's, the end of the shift, a limit, hours of service; undefined: nothing. */
  readonly slackEnds?: { readonly by: Constraint; readonly at?: string | undefined } | undefined
  /** What the route would cost less without it; undefined for what cannot be taken out. */
  readonly saving?: number | undefined
  /** Other vehicles, the cheapest first, then those that cannot serve it. Empty for what is locked or was not compared. */
  readonly alternatives: readonly Alternative[]
  /** A sentence for people. */
  readonly reason: string
}

/** What it would be like if another vehicle did it, all else unchanged. */
export type Alternative =
  | {
      readonly vehicle: string
      /** What the plan would cost more; negative: less. */
      readonly cost: number
    }
  | { readonly vehicle: string; readonly blockedBy: Constraint }

/** How rules of driving and rest were kept. */
export interface HoursExplanation {
  /** `own`: rules given as data. */
  readonly rules: 'eu-561' | 'us-fmcsa' | 'own'
  readonly pauses: readonly HoursPause[]
  /** Seconds of driving since the last break and rest at the end, what was done before included. */
  readonly sinceBreak: number
  readonly today: number
  /** Seconds of driving left then until a break is due, and in the day. */
  readonly leftUntilBreak: number
  readonly leftToday: number
}

/** A break or rest that rules of driving ask for. */
export interface HoursPause {
  readonly type: 'break' | 'rest'
  readonly begin: number
  readonly end: number
  /** `driving`: without a break; `daily-driving`; `day`: it may not be on duty or at the wheel any longer; `chosen`: nothing asked for it. */
  readonly because: 'driving' | 'daily-driving' | 'day' | 'chosen'
  /** Seconds at the wheel since the break before, and since the rest before. */
  readonly sinceBreak: number
  readonly today: number
  /** Where the rule stands, such as `Article 7`; undefined for rules of one's own. */
  readonly source?: string | undefined
}
