import type { Orders } from './state.ts'

/** How a search goes about it. */
export interface SearchSettings {
  readonly seed: number
  /** Orders to begin with. */
  readonly initial?: readonly Int32Array[] | undefined
  /** Whether vehicles matter more than what routes cost. */
  readonly minimisesVehicles: boolean
  /** Whether only what is near the initial orders is looked for. */
  readonly isCool?: boolean | undefined
  /** Whether another search, whose share of the whole that is, has found the initial orders. @default 0 */
  readonly from?: number | undefined
}

/** A search that goes on piece by piece. */
export interface SearchRun {
  readonly iterations: number
  readonly improvements: number
  readonly best: Orders
  /** @param share How much of the search has passed, 0 to 1: it sets the temperature. */
  run(iterations: number, share: number): void
}
