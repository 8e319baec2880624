import type { RoadClass } from '../road-class.ts'

/** How a kind of traveller moves: data that decides about every way and node. Speeds in km/h, times in seconds. */
export interface RoadProfile {
  /** Kept in the graph. */
  readonly name: string
  /** Keys of tags that allow and forbid, the most general first: of those that are set the last decides. */
  readonly access: readonly string[]
  /** Speeds on roads without a limit of their own. A class that is missing may not be used. */
  readonly speeds: Speeds
  /** Speeds on classes that may be used only where one of `access` other than `access` itself allows it. @default {} */
  readonly permitted?: Speeds | undefined
  /** What slip roads keep of the speed. @default 1 */
  readonly linkShare?: number | undefined
  /** The traveller goes no faster. */
  readonly topSpeed: number
  /** Keys of speed limits, the first that is set counts; `:forward` and `:backward` are looked for, too. @default [] */
  readonly limits?: readonly string[] | undefined
  /** What is reached of a speed limit. @default 1 */
  readonly limitShare?: number | undefined
  /** Highest speeds by key and value, such as `{ surface: { gravel: 40 } }`; 0 closes the way. @default {} */
  readonly caps?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined
  /** Keys that say which way may be gone, the first that is set counts. @default [] */
  readonly oneway?: readonly string[] | undefined
  /** Values of `barrier` that let nobody pass unless a key of `access` does. @default [] */
  readonly barriers?: readonly string[] | undefined
  /**
   * What is to be fitted through. With it the graph holds the limits of its roads, so that a `RoadNetwork` can ask for larger
   * vehicles; `{}` keeps all roads. @default none
   */
  readonly vehicle?: VehicleSize | undefined
  /** Rules for turning; without them a search needs to know only where it is, not where it came from. @default none */
  readonly turns?: TurnRules | undefined
}

/** km/h by class. */
export type Speeds = Readonly<Partial<Record<RoadClass, number>>>

/** Metres and tonnes. What equals a limit fits. */
export interface VehicleSize {
  readonly height?: number | undefined
  readonly width?: number | undefined
  readonly length?: number | undefined
  readonly weight?: number | undefined
  readonly axleLoad?: number | undefined
  /** Carries dangerous goods. @default false */
  readonly hazmat?: boolean | undefined
}

/** What turning costs and which restrictions bind. */
export interface TurnRules {
  /** Restrictions bind unless they except one of these; `restriction:<mode>` binds the modes alone. */
  readonly modes: readonly string[]
  /** Seconds by the change of direction at junctions, in degrees, the smallest first; the last holds to 180. */
  readonly angles: readonly { readonly upTo: number; readonly seconds: number }[]
  /** Seconds to turn round, which is done only where no other way leads on. */
  readonly uTurn: number
  /** Seconds to pass a node, by tag: `{ 'highway=traffic_signals': 2 }`. @default {} */
  readonly delays?: Readonly<Record<string, number>> | undefined
}
