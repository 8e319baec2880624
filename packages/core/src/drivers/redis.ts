/**
 * Rate limits and circuit votes that several processes share through Redis, through the optional peer `ioredis`.
 *
 * @packageDocumentation
 */
export type { RedisClientLike, RedisConnectionOptions } from './redis/client.ts'
export { redisErrors } from './redis/errors.ts'
export {
  redisCircuitStore,
  type RedisCircuitStore,
  type RedisCircuitStoreOptions,
} from './redis/redis-circuit-store.ts'
export { redisRateLimiter, type RedisRateLimiter, type RedisRateLimiterOptions } from './redis/redis-rate-limiter.ts'
