import type { Clock } from '@exprsn/core'
import type { Database } from '@exprsn/core/database'
import { encodeFrame } from '../repo/index.ts'
import { federationErrors } from './errors.ts'
import type { Listeners } from './listeners.ts'
import type { ServedStore } from './served-store.ts'

/** Events that are read at once. */
const page = 25

/** What {@link readServedEvents} reads. */
export interface ReadServedEvents {
  readonly cursor?: number | undefined
  readonly signal: AbortSignal
  readonly database: Database
  readonly store: ServedStore
  readonly listeners: Listeners
  readonly pollInterval: number
  readonly clock: Clock
}

/**
 * The kept frames after a cursor, then those that come. Nothing is held in memory for a reader: it is given what the database
 * has when it asks, and ends where that is no longer kept.
 *
 * @throws `ATPROTO_STREAM_CURSOR_FUTURE`, `ATPROTO_STREAM_CONSUMER_SLOW`
 */
export async function* readServedEvents({
  cursor,
  signal,
  database,
  store,
  listeners,
  pollInterval,
  clock,
}: ReadServedEvents): AsyncGenerator<Uint8Array, void, undefined> {
  const start = await store.position(database)
  let position = cursor ?? start.last
  if (position > start.last) throw federationErrors.ATPROTO_STREAM_CURSOR_FUTURE({ cursor: position, last: start.last })
  if (position < start.forgotten) {
    // 0 asks for whatever there is.
    if (position > 0)
      yield encodeFrame('#info', {
        name: 'OutdatedCursor',
        message: 'Events before the oldest one that is kept are missing.',
      })
    position = start.forgotten
  }
  while (!signal.aborted) {
    const { news } = listeners
    const { events, forgotten } = await store.eventsAfter(database, position, page)
    if (forgotten !== undefined && position < forgotten)
      throw federationErrors.ATPROTO_STREAM_CONSUMER_SLOW({ seq: position, forgotten })
    for (const { seq, frame } of events) {
      if (signal.aborted) return
      yield frame
      position = seq
    }
    if (events.length === 0) await listeners.wait(news, clock, signal, pollInterval)
  }
}
