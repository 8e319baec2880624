import type { Clock } from '@exprsn/core'
import { XrpcError } from './xrpc-error.ts'

/** Limits of the official hosts, in requests or points for each window of seconds. */
export const officialLimits = {
  /** Requests of one address. */
  requests: { limit: 3_000, seconds: 300 },
  /** Points of one account: 3 for a create, 2 for a put or an update, 1 for a delete. */
  hour: { limit: 5_000, seconds: 3_600 },
  day: { limit: 35_000, seconds: 86_400 },
  /** Sessions of one account. */
  sessions: { limit: 30, seconds: 300 },
} as const

/** A window in which something is counted. */
export interface RateWindow {
  readonly limit: number
  readonly seconds: number
}

/** The limits of a fake. */
export interface FakeRateLimits {
  readonly requests: RateWindow
  readonly hour: RateWindow
  readonly day: RateWindow
  readonly sessions: RateWindow
}

interface Bucket extends RateWindow {
  used: number
  resetAt: number
}

/** Counts in fixed windows, as the real server does: what is refused has been charged all the same. */
export class RateLimits {
  readonly #limits: FakeRateLimits
  readonly #clock: Clock
  readonly #buckets = new Map<string, Bucket>()

  constructor(limits: FakeRateLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** Charges the buckets of a request. The headers show the one with the fewest left. */
  charge(charges: readonly RateCharge[]): Readonly<Record<string, string>> {
    const buckets = charges.map(({ window, key, points }) => {
      const bucket = this.#bucket(window, key)
      bucket.used += points
      return bucket
    })
    const tightest = buckets.reduce((least, bucket) => (left(bucket) < left(least) ? bucket : least))
    const headers = {
      'ratelimit-limit': String(tightest.limit),
      'ratelimit-remaining': String(Math.max(0, left(tightest))),
      'ratelimit-reset': String(Math.ceil(tightest.resetAt / 1000)),
      'ratelimit-policy': `${tightest.limit};w=${tightest.seconds}`,
    }
    if (left(tightest) >= 0) return headers
    const wait = Math.max(1, Math.ceil((tightest.resetAt - this.#clock.now()) / 1000))
    throw new RateLimited({ ...headers, 'retry-after': String(wait) })
  }

  #bucket(window: keyof FakeRateLimits, key: string): Bucket {
    const now = this.#clock.now()
    const name = `${window}/${key}`
    const known = this.#buckets.get(name)
    if (known !== undefined && known.resetAt > now) return known
    const bucket = { ...this.#limits[window], used: 0, resetAt: now + this.#limits[window].seconds * 1000 }
    this.#buckets.set(name, bucket)
    return bucket
  }
}

/** What a request costs in one window. */
export interface RateCharge {
  readonly window: keyof FakeRateLimits
  readonly key: string
  readonly points: number
}

/** 429 with the headers that say how long. */
export class RateLimited extends XrpcError {
  readonly headers: Readonly<Record<string, string>>

  constructor(headers: Readonly<Record<string, string>>) {
    super(429, 'RateLimitExceeded', 'Rate Limit Exceeded')
    this.headers = headers
  }
}

function left({ limit, used }: Bucket): number {
  return limit - used
}
