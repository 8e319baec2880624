import { sleep, systemClock } from '@exprsn/core'
import type { Database } from '@exprsn/core/database'

/** One event that the database acknowledged. Times are of the monotonic clock, in milliseconds. */
export interface WrittenEvent {
  readonly id: number
  readonly begunAt: number
  readonly acknowledgedAt: number
}

/** An application that goes on writing while it is backed up. */
export interface EventWriter {
  readonly events: readonly WrittenEvent[]
  /** Waits for the write in flight; throws when the writer had failed. */
  stop(): Promise<void>
}

/** Inserts one event after the other, each in a transaction of its own, until stopped. */
export function startEventWriter(database: Database): EventWriter {
  const events: WrittenEvent[] = []
  let stopped = false
  const done = (async () => {
    for (let id = 1; !stopped; id++) {
      const begunAt = systemClock.monotonic()
      await database.query('insert into event (id, at, note) values ($1, clock_timestamp(), $2)', [id, `event ${id}`])
      events.push({ id, begunAt, acknowledgedAt: systemClock.monotonic() })
      await sleep(1)
    }
  })()
  // The failure is reported by stop(); until then it must not count as unhandled.
  done.catch(() => {})
  return {
    events,
    async stop() {
      stopped = true
      await done
    },
  }
}
