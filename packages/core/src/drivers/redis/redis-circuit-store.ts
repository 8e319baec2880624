import type { Clock } from '../../clock/clock.ts'
import type { CircuitStore } from '../../resilience/circuit-store.ts'
import type { RedisConnectionOptions } from './client.ts'
import { redisScript, scriptRunner } from './script-runner.ts'

/** Options of {@link redisCircuitStore}. */
export interface RedisCircuitStoreOptions extends RedisConnectionOptions {
  /** Put before the circuit's name. @default 'exprsn:circuit:' */
  readonly prefix?: string | undefined
  /** @default the server's clock */
  readonly clock?: Clock | undefined
}

/** Votes in Redis. */
export interface RedisCircuitStore extends CircuitStore {
  /** Closes the connection, if it was made here. Later calls throw `CORE_REDIS_CLOSED`. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Votes of a `sharedCircuitBreaker` in Redis: two sorted sets for each circuit, in one slot of a cluster, which expire when
 * nobody votes any more.
 *
 * @throws `CORE_REDIS_OPTIONS`; the calls throw `CORE_REDIS_DRIVER_MISSING`, `CORE_REDIS_UNAVAILABLE`, `CORE_REDIS_COMMAND`.
 * @example
 * ```ts no-run
 * import { redisCircuitStore } from '@exprsn/core/drivers/redis'
 * import { policy, sharedCircuitBreaker } from '@exprsn/core/resilience'
 *
 * await using store = redisCircuitStore({ url: 'redis://localhost' })
 * await using breaker = sharedCircuitBreaker({ name: 'mail', store })
 * await policy(breaker)(async () => 'sent')
 * ```
 */
export function redisCircuitStore(options: RedisCircuitStoreOptions): RedisCircuitStore {
  const { prefix = 'exprsn:circuit:', clock } = options
  const runner = scriptRunner(options)
  const keysOf = (circuit: string): string[] => [`${prefix}{${circuit}}:live`, `${prefix}{${circuit}}:open`]
  const close = (): Promise<void> => runner.close()
  return {
    async vote({ circuit, instance, open, ttl }) {
      const now = clock === undefined ? '' : Math.floor(clock.now())
      const reply = await runner.run(voteScript, keysOf(circuit), [instance, open ? 1 : 0, Math.ceil(ttl), now])
      const [live, votedOpen] = reply as [number, number]
      return { live, open: votedOpen }
    },
    async withdraw(circuit, instance) {
      await runner.run(withdrawScript, keysOf(circuit), [instance])
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Scores are the milliseconds at which votes run out. With a clock that is not the server's, keys stay a minute longer. */
const voteScript = redisScript(`
local instance, open, ttl, now = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local grace = 60000
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
  grace = 0
end
redis.call('ZADD', KEYS[1], now + ttl, instance)
if open == '1' then
  redis.call('ZADD', KEYS[2], now + ttl, instance)
else
  redis.call('ZREM', KEYS[2], instance)
end
local counts = {}
for index, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  redis.call('PEXPIRE', key, ttl + grace)
  counts[index] = redis.call('ZCARD', key)
end
return counts
`)

const withdrawScript = redisScript(`
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
`)
