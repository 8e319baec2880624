import { createHash } from 'node:crypto'
import type { RedisClientLike, RedisConnectionOptions } from './client.ts'
import { redisErrors } from './errors.ts'
import { loadIoredis, type OwnRedisClient, type RedisConstructor } from './load-ioredis.ts'
import { mapRedisError } from './map-redis-error.ts'

/** A Lua script and the digest that Redis knows it by. */
export interface RedisScript {
  readonly text: string
  readonly digest: string
}

export function redisScript(text: string): RedisScript {
  return { text, digest: createHash('sha1').update(text).digest('hex') }
}

/** Runs scripts over the host's client, or over a connection of its own that is made on the first call. */
export interface ScriptRunner {
  run(script: RedisScript, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown>
  close(): Promise<void>
}

/** @throws `CORE_REDIS_OPTIONS` unless exactly one of client, url and connection is given. */
export function scriptRunner(
  { client, url, connection }: RedisConnectionOptions,
  load: () => Promise<RedisConstructor> = loadIoredis,
): ScriptRunner {
  const given = [client, url, connection].filter((value) => value !== undefined)
  if (given.length !== 1)
    throw redisErrors.CORE_REDIS_OPTIONS({ reason: `${given.length} of client, url and connection are given` })
  let own: Promise<OwnRedisClient> | undefined
  let closed = false

  async function connect(): Promise<OwnRedisClient> {
    const Redis = await load()
    // Callers have their own time limit and their own way without the store: waiting in a queue would serve neither.
    const settings = { maxRetriesPerRequest: 1, ...connection }
    const opened = url === undefined ? new Redis(settings) : new Redis(url, settings)
    // Commands fail with the same error; without a listener it would be printed as well.
    opened.on('error', () => {})
    return opened
  }

  function connected(): RedisClientLike | Promise<RedisClientLike> {
    return client ?? (own ??= connect())
  }

  return {
    async run({ text, digest }, keys, values) {
      if (closed) throw redisErrors.CORE_REDIS_CLOSED()
      try {
        const target = await connected()
        try {
          return await target.evalsha(digest, keys.length, ...keys, ...values)
        } catch (error) {
          // A server that was restarted, or another of the cluster, has not seen the script.
          if (!String((error as Error).message).startsWith('NOSCRIPT')) throw error
          return await target.eval(text, keys.length, ...keys, ...values)
        }
      } catch (error) {
        throw mapRedisError(error)
      }
    },
    async close() {
      closed = true
      const opened = await own?.catch(() => undefined)
      opened?.disconnect()
    },
  }
}
