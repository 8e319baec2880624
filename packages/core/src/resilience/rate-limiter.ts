import type { RateDecision } from './gcra.ts'

/** Counts what keys have used: in memory, in a database, in Redis. All of them decide alike. */
export interface RateLimiter {
  /**
   * Takes units for a key, or none of them.
   *
   * @param cost Units, 1 or more. @default 1
   */
  take(key: string, cost?: number): RateDecision | Promise<RateDecision>
}
