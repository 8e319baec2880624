import type { Clock } from '../../clock/clock.ts'
import { compileRate, describeDecision, type RateDecision, type RateRule } from '../../resilience/gcra.ts'
import { answerInOutage, type OutageOptions } from '../../resilience/outage.ts'
import type { RateLimiter } from '../../resilience/rate-limiter.ts'
import type { RedisConnectionOptions } from './client.ts'
import { redisScript, scriptRunner } from './script-runner.ts'

/** Options of {@link redisRateLimiter}. */
export interface RedisRateLimiterOptions extends RateRule, RedisConnectionOptions, OutageOptions {
  /** Put before every key, so that several rules share one server. @default 'default' */
  readonly name?: string | undefined
  /** Put before the name. @default 'exprsn:rate:' */
  readonly prefix?: string | undefined
  /** @default the server's clock */
  readonly clock?: Clock | undefined
}

/** A rate limiter whose state is in Redis. */
export interface RedisRateLimiter extends RateLimiter {
  take(key: string, cost?: number): Promise<RateDecision>
  /** Closes the connection, if it was made here. Later calls throw `CORE_REDIS_CLOSED`. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Limits a rate per key across all processes that share a Redis, with one script per take. It decides exactly as
 * `memoryRateLimiter` does; keys that have recovered expire by themselves. While Redis cannot answer, `whenDown` says what
 * happens.
 *
 * @throws `CORE_POLICY_OPTION_INVALID`, `CORE_REDIS_OPTIONS`; `take` throws `CORE_REDIS_DRIVER_MISSING`,
 * `CORE_REDIS_COMMAND`, and `CORE_RATE_LIMIT_UNAVAILABLE` with `whenDown: 'refuse'`.
 * @example
 * ```ts no-run
 * import { redisRateLimiter } from '@exprsn/core/drivers/redis'
 *
 * await using limiter = redisRateLimiter({ url: 'redis://localhost', limit: 100, per: '1m' })
 * console.log((await limiter.take('alice')).remaining) // 99
 * ```
 */
export function redisRateLimiter(options: RedisRateLimiterOptions): RedisRateLimiter {
  const { name = 'default', prefix = 'exprsn:rate:', clock } = options
  const rate = compileRate(options)
  const runner = scriptRunner(options)
  const takeFromStore = async (key: string, cost: number): Promise<RateDecision> => {
    const now = clock === undefined ? '' : Math.floor(clock.now() * 1_000)
    const reply = await runner.run(takeScript, [`${prefix}${name}:${key}`], [cost * rate.interval, rate.tolerance, now])
    const [allowed, arrival, at] = reply as [number, number, number]
    return describeDecision(rate, allowed === 1, arrival, at, cost)
  }
  const close = (): Promise<void> => runner.close()
  return { take: answerInOutage(takeFromStore, options, options), close, [Symbol.asyncDispose]: close }
}

/**
 * The rule of `nextArrival`; times in microseconds, which Lua's doubles hold exactly. State further ahead than a whole
 * burst comes from a clock that was set back or another rule, and is cut. With a clock that is not the server's, keys are
 * kept a minute longer than they matter.
 */
const takeScript = redisScript(`
local cost, tolerance, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local grace = 60000
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
  grace = 0
end
local stored = tonumber(redis.call('GET', KEYS[1]) or 0)
local arrival = math.min(stored, now + tolerance)
local following = math.max(arrival, now) + cost
local allowed = following - now <= tolerance
if allowed then arrival = following end
if arrival ~= stored then
  redis.call('SET', KEYS[1], string.format('%.0f', arrival), 'PX', math.ceil((arrival - now) / 1000) + grace)
end
return { allowed and 1 or 0, arrival, now }
`)
