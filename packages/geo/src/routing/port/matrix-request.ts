import type { RoutePoint, SnappedPoint } from './router.ts'

/** Asks for a table. */
export interface MatrixRequest {
  readonly sources: readonly RoutePoint[]
  /**
   * Where to.
   * @default `sources`
   */
  readonly targets?: readonly RoutePoint[] | undefined
  /**
   * Metres within which a road must be found.
   * @default 1000
   */
  readonly radius?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** A table; row by row, so that the cell of row r and column c is at `r * columns + c`. */
export interface MatrixResult {
  readonly rows: number
  readonly columns: number
  /** Seconds; NaN where no way leads or a point is on no road. */
  readonly durations: Float64Array
  /** Metres along the fastest way; NaN likewise. */
  readonly distances: Float64Array
  /** Where the points were found, undefined where there is no road. */
  readonly sources: readonly (SnappedPoint | undefined)[]
  readonly targets: readonly (SnappedPoint | undefined)[]
}
