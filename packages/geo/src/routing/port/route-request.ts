import type { Position } from '../../coordinates/position.ts'
import type { Instruction, InstructionLanguage } from '../guidance/instruction.ts'
import type { Emissions } from '../route/emissions.ts'
import type { RoutePoint, SnappedPoint } from './router.ts'

/** Asks for a way. */
export interface RouteRequest {
  /** Two or more: start, via points, end. At a via point the vehicle may turn round. */
  readonly points: readonly RoutePoint[]
  /**
   * Metres within which a road must be found.
   * @default 1000
   */
  readonly radius?: number | undefined
  /**
   * The language of the instructions; false: none are made, which is faster.
   * @default 'en'
   */
  readonly instructions?: InstructionLanguage | false | undefined
  /**
   * Whether legs tell length, duration and speed between each two points of their geometry.
   * @default false
   */
  readonly annotations?: boolean | undefined
  /**
   * How many other ways are wanted beside the fastest, 0 to 5, for requests of two points. There may be fewer, in small networks none: each takes at most
   * 1.3 times as long, and differs from the others in three tenths of its time.
   * @default 0
   */
  readonly alternatives?: number | undefined
  /**
   * What the vehicle emits: then legs tell their `co2e`.
   * @default none
   */
  readonly emissions?: Emissions | undefined
  readonly signal?: AbortSignal | undefined
}

/** A way, or why there is none. */
export type RouteResult = RouteFound | RouteNotFound

/** A way. */
export interface RouteFound extends RouteWay {
  readonly found: true
  /** Other ways, the next best first; only where some were asked for. */
  readonly alternatives?: readonly RouteWay[] | undefined
  /** What has to be shown wherever the result is published. */
  readonly attribution: string
}

/** There is no way: an answer, not an error. */
export interface RouteNotFound {
  readonly found: false
  /** `no-road`: there is none near the point. `unreachable`: no way leads from the point to the next one. */
  readonly reason: 'no-road' | 'unreachable'
  /** The place in `points` that the reason is about. */
  readonly point: number
}

/** What a way is. */
export interface RouteWay {
  /** Metres. */
  readonly distance: number
  /** Seconds. */
  readonly duration: number
  readonly geometry: readonly Position[]
  /** From each point to the next one. */
  readonly legs: readonly RouteLeg[]
  readonly instructions: readonly Instruction[]
}

/** The part of a way between two points of the request. */
export interface RouteLeg {
  /** Metres. */
  readonly distance: number
  /** Seconds. */
  readonly duration: number
  readonly from: SnappedPoint
  readonly to: SnappedPoint
  /** Where the leg lies in the geometry: its points are those from `geometry[first]` to `geometry[last]`. */
  readonly first: number
  readonly last: number
  readonly annotations?: RouteAnnotations | undefined
  /** Grams of CO₂ equivalent. */
  readonly co2e?: number | undefined
}

/** Per pair of neighbours in a leg's geometry. */
export interface RouteAnnotations {
  /** Metres. */
  readonly distances: readonly number[]
  /** Seconds; what a turn takes is part of what follows it. */
  readonly durations: readonly number[]
  /** Names of the roads. */
  readonly names: readonly string[]
}
