import type { RedisClientLike } from './client.ts'
import { redisErrors } from './errors.ts'

/** A client that we opened, and so close. */
export interface OwnRedisClient extends RedisClientLike {
  on(event: 'error', listener: (error: Error) => void): unknown
  disconnect(): void
}

/** The class of `ioredis`. */
export type RedisConstructor = new (...parts: readonly unknown[]) => OwnRedisClient

/** The optional peer `ioredis`. Throws `CORE_REDIS_DRIVER_MISSING` when it is not installed. */
export async function loadIoredis(importIoredis?: () => Promise<unknown>): Promise<RedisConstructor> {
  try {
    // Written inside the try: bundlers then accept that the package may be absent.
    const loaded = (importIoredis === undefined ? await import('ioredis') : await importIoredis()) as {
      Redis?: unknown
      default?: unknown
    }
    return (loaded.Redis ?? loaded.default) as RedisConstructor
  } catch (error) {
    throw redisErrors.CORE_REDIS_DRIVER_MISSING({ package: 'ioredis' }, { cause: error })
  }
}
