import type { Position } from '../../coordinates/position.ts'

/** What is read of OSRM's answers (API v1). */
export interface OsrmAnswer {
  /** `Ok`, or what is wrong. */
  readonly code: string
  readonly message?: string | undefined
  readonly routes?: readonly OsrmRoute[] | undefined
  readonly waypoints?: readonly OsrmWaypoint[] | undefined
  /** Seconds and metres by source and destination; null where no way leads. */
  readonly durations?: readonly (readonly (number | null)[])[] | undefined
  readonly distances?: readonly (readonly (number | null)[])[] | undefined
  readonly sources?: readonly OsrmWaypoint[] | undefined
  readonly destinations?: readonly OsrmWaypoint[] | undefined
  readonly matchings?: readonly OsrmRoute[] | undefined
  readonly tracepoints?: readonly (OsrmTracepoint | null)[] | undefined
}

/** Metres and seconds. */
export interface OsrmRoute {
  readonly legs: readonly {
    readonly distance: number
    readonly duration: number
    readonly steps: readonly OsrmStep[]
  }[]
}

export interface OsrmStep {
  readonly distance: number
  readonly duration: number
  /** An encoded polyline of six digits. */
  readonly geometry: string
  readonly name?: string | undefined
  readonly ref?: string | undefined
  readonly mode?: string | undefined
  readonly maneuver: {
    readonly type: string
    readonly modifier?: string | undefined
    readonly bearing_after?: number | undefined
    readonly exit?: number | undefined
  }
}

export interface OsrmWaypoint {
  readonly location: Position
  readonly distance?: number | undefined
  readonly name?: string | undefined
}

export interface OsrmTracepoint extends OsrmWaypoint {
  readonly matchings_index: number
}
