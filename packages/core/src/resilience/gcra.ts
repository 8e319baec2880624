import { milliseconds, type Duration } from '../duration/duration.ts'
import { resilienceErrors } from './errors.ts'

/** How much is allowed. */
export interface RateRule {
  /** Units per period: the lasting rate. */
  readonly limit: number
  /** The period. */
  readonly per: Duration
  /** Units that may be taken at once after a pause. @default limit */
  readonly burst?: number | undefined
}

/** A rule in the integers that every store computes with, so that all of them decide alike. */
export interface CompiledRate {
  /** Microseconds that one unit stands for. */
  readonly interval: number
  /** Microseconds that the whole burst stands for. */
  readonly tolerance: number
  readonly burst: number
}

/** The answer to a request for units. */
export interface RateDecision {
  readonly allowed: boolean
  /** Whole units that could be taken right now. */
  readonly remaining: number
  /** Milliseconds until the same request would be allowed; 0 when it was, infinite when it exceeds the burst. */
  readonly retryAfterMs: number
  /** Milliseconds until nothing is used up any more. */
  readonly resetAfterMs: number
}

/** @throws `CORE_POLICY_OPTION_INVALID` for a limit or burst below 1, or a rate above one per microsecond or below one burst in a century. */
export function compileRate({ limit, per, burst = limit }: RateRule): CompiledRate {
  const interval = Math.round((milliseconds(per) * 1_000) / limit)
  if (!(limit >= 1) || !(interval >= 1))
    throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'limit', value: limit })
  if (!Number.isInteger(burst) || burst < 1)
    throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'burst', value: burst })
  // Times of this century in microseconds leave room for this much above them in every store.
  if (interval * burst > largestTolerance)
    throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'per', value: per })
  return { interval, tolerance: interval * burst, burst }
}

const largestTolerance = 2 ** 52

/** @throws `CORE_POLICY_OPTION_INVALID` for a cost that is not a whole number of 1 or more. */
export function checkCost(cost: number): void {
  if (!Number.isSafeInteger(cost) || cost < 1)
    throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'cost', value: cost })
}

/**
 * The generic cell rate algorithm (ITU-T I.371, Annex A; as a "virtual scheduling" rule): the whole state of a key is one
 * number, the theoretical arrival time, at which the bucket would be full again.
 *
 * @param arrival The key's state in microseconds; 0 when it is new.
 * @param now Microseconds on the same scale.
 * @returns The new state when the request is allowed; undefined when it is not, and the state stays.
 */
export function nextArrival(rate: CompiledRate, arrival: number, now: number, cost: number): number | undefined {
  const next = Math.max(arrival, now) + cost * rate.interval
  return next - now <= rate.tolerance ? next : undefined
}

/** The decision in the terms of a user. `arrival` is the state after the decision. */
export function describeDecision(
  rate: CompiledRate,
  allowed: boolean,
  arrival: number,
  now: number,
  cost: number,
): RateDecision {
  const used = Math.max(0, arrival - now)
  const missing = used + cost * rate.interval - rate.tolerance
  return {
    allowed,
    remaining: Math.max(0, Math.floor((rate.tolerance - used) / rate.interval)),
    retryAfterMs: allowed ? 0 : cost > rate.burst ? Infinity : Math.ceil(missing / 1_000),
    resetAfterMs: Math.ceil(used / 1_000),
  }
}
