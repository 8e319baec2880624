/**
 * Fence events for many listeners, through Redis streams and the host's own `ioredis` client.
 *
 * @packageDocumentation
 */
import { silentLogger, sleep, systemClock, type Clock, type Logger } from '@exprsn/core'
import type { FenceEvent } from '../fence/fence-event.ts'
import { redisErrors } from './redis/errors.ts'

export { redisErrors } from './redis/errors.ts'

/** What of an `ioredis` client is used: `new Redis(…)` is one. */
export interface FenceRedisClient {
  call(command: string, ...parts: (string | number)[]): Promise<unknown>
  duplicate(): FenceRedisClient
  disconnect(): void
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** Options of {@link redisFenceEvents}. */
export interface RedisFenceEventsOptions {
  /** The host's client; it stays the host's to close. Listeners get connections of their own from it. */
  readonly client: FenceRedisClient
  /** @default 'exprsn:fence-events' */
  readonly key?: string | undefined
  /** So many events are kept, roughly: a listener that was away for longer misses the older ones. @default 100_000 */
  readonly keep?: number | undefined
  /** Hears when a listener cannot read for a while. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** An event with its place in the stream. */
export interface PlacedFenceEvent {
  /** To go on after it later. */
  readonly id: string
  readonly event: FenceEvent
}

/** Hands fence events on to any number of processes. */
export interface RedisFenceEvents {
  /** Hands events over, in their order. @throws `GEO_REDIS_UNAVAILABLE`; some may have been handed over then */
  publish(events: readonly FenceEvent[]): Promise<void>
  /**
   * The events from now on, or after a place, as they come. A connection that is lost is made again, and nothing is missed
   * that is still kept. Leaving the loop or aborting ends it.
   */
  subscribe(options?: {
    readonly after?: string | undefined
    readonly signal?: AbortSignal | undefined
  }): AsyncGenerator<PlacedFenceEvent, void, undefined>
}

/**
 * Fan-out of fence events: one process watches the fences, many show them – web servers with a map, dispatchers, alerts.
 *
 * @example
 * ```ts no-run
 * import { redisFenceEvents } from '@exprsn/geo/drivers/redis'
 * import { Redis } from 'ioredis'
 *
 * const events = redisFenceEvents({ client: new Redis(process.env.REDIS_URL!) })
 * for await (const { id, event } of events.subscribe()) console.log(id, event.object, event.type, event.fence)
 * ```
 */
export function redisFenceEvents(options: RedisFenceEventsOptions): RedisFenceEvents {
  const { client, key = 'exprsn:fence-events', keep = 100_000, logger = silentLogger, clock = systemClock } = options
  return {
    async publish(events) {
      try {
        // The client sends them without waiting for each answer; one connection keeps their order.
        await Promise.all(
          events.map((event) => client.call('XADD', key, 'MAXLEN', '~', keep, '*', 'event', JSON.stringify(event))),
        )
      } catch (cause) {
        throw redisErrors.GEO_REDIS_UNAVAILABLE({ reason: (cause as Error).message }, { cause })
      }
    },
    async *subscribe({ after = '$', signal } = {}) {
      signal?.throwIfAborted()
      const own = client.duplicate()
      own.on('error', () => {})
      const stop = (): void => own.disconnect()
      signal?.addEventListener('abort', stop, { once: true })
      let last = after
      try {
        // A place instead of "now": what comes between two reads is not missed.
        if (last === '$') last = await newest(own, key)
        for (;;) {
          const entries = await readAfter(own, key, last).catch((error: unknown) => {
            signal?.throwIfAborted()
            logger.warn({ err: error, key }, 'Fence events cannot be read from Redis; trying again.')
            return undefined
          })
          if (entries === undefined) await sleep(retryAfter, { clock, signal })
          for (const [id, fields] of entries ?? []) {
            yield { id, event: eventOf(key, id, fields) }
            last = id
          }
          signal?.throwIfAborted()
        }
      } finally {
        signal?.removeEventListener('abort', stop)
        own.disconnect()
      }
    },
  }
}

const retryAfter = 500
/** Milliseconds after which an empty read ends, so that a connection that died without a word is noticed. */
const patience = 15_000
const atOnce = 500

type StreamEntry = readonly [id: string, fields: readonly string[]]

async function readAfter(client: FenceRedisClient, key: string, last: string): Promise<readonly StreamEntry[]> {
  const found = await client.call('XREAD', 'COUNT', atOnce, 'BLOCK', patience, 'STREAMS', key, last)
  return entriesOf(found)
}

/** Of the one stream that was asked for: RESP2 answers `[[key, entries]]`, RESP3 a map, which clients give as `[key, entries]`. */
function entriesOf(found: unknown): readonly StreamEntry[] {
  if (!Array.isArray(found)) return []
  const [key, entries] = (Array.isArray(found[0]) ? found[0] : found) as unknown as readonly [
    unknown,
    readonly StreamEntry[],
  ]
  return key === undefined ? [] : entries
}

/** The place of the newest event; the beginning when there is none. */
async function newest(client: FenceRedisClient, key: string): Promise<string> {
  const found = (await client.call('XREVRANGE', key, '+', '-', 'COUNT', 1)) as readonly StreamEntry[]
  return found[0]?.[0] ?? '0'
}

function eventOf(key: string, id: string, fields: readonly string[]): FenceEvent {
  try {
    const event = JSON.parse(fields[fields.indexOf('event') + 1]!) as FenceEvent
    const time = new Date(event.time)
    const confirmed = new Date(event.confirmed)
    if (typeof event.fence === 'string' && !Number.isNaN(time.getTime() + confirmed.getTime()))
      return { ...event, time, confirmed }
  } catch {}
  throw redisErrors.GEO_REDIS_EVENT_INVALID({ id, key })
}
