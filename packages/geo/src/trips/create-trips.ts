import type { Fix } from '../fence/fence-event.ts'
import { plainFix } from '../fence/track/plain-fix.ts'
import { ReorderBuffer } from '../fence/track/reorder-buffer.ts'
import { ObjectTrips, type PlainPlace } from './object-trips.ts'
import { tripRules, type TripsOptions } from './options.ts'
import type { TripEvent } from './trip-event.ts'

/** Finds trips and stops in the fixes of moving objects. */
export interface Trips {
  /**
   * Takes a fix and returns what it shows: an object has stopped (and so ended a trip), or has left. Fixes that are not newer
   * than the object's last are left out.
   *
   * @throws `GEO_FIX_INVALID`
   */
  update(fix: Fix): readonly TripEvent[]
  /** Takes fixes in their order. @throws `GEO_FIX_INVALID`, naming the object; those before it are taken */
  updateAll(fixes: Iterable<Fix>): readonly TripEvent[]
  /** Takes fixes as they come and yields what they show. */
  watch(fixes: AsyncIterable<Fix>, options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<TripEvent>
  /** Ends what is in progress of an object, or of all, and forgets them. */
  end(object?: string): readonly TripEvent[]
}

/**
 * Trips and stops of moving objects, as they come: one that stays within a radius for long enough has stopped, since it came
 * there; its trip is the way from the last stop. A wait at a light is part of a trip, and jitter adds no metres to it.
 *
 * @throws `GEO_TRIP_OPTION_INVALID`, `CORE_DURATION_INVALID`
 * @example
 * ```ts
 * import { createTrips } from '@exprsn/geo/trips'
 *
 * const trips = createTrips({ stopAfter: '3m' })
 * const minute = (number: number, longitude: number) =>
 *   trips.update({ id: 'van-7', position: [longitude, 47.1], time: number * 60_000 })
 * for (let number = 0; number < 10; number++) minute(number, 9.5 + number * 0.01)
 * const events = [10, 11, 12, 13].flatMap((number) => minute(number, 9.59))
 * console.log(events.map(({ type }) => type)) // [ 'trip', 'stop' ]
 * ```
 */
export function createTrips(options: TripsOptions = {}): Trips {
  const rules = tripRules(options)
  const waiting = new ReorderBuffer(rules.lateness)
  const objects = new Map<string, ObjectTrips>()

  const take = (id: string, fix: PlainPlace, events: TripEvent[]): void => {
    const object = objects.get(id)
    if (object === undefined) objects.set(id, new ObjectTrips(id, rules, fix))
    else if (fix.time > object.time) object.take(fix, events)
  }
  const update = (fix: Fix, events: TripEvent[] = []): TripEvent[] => {
    for (const due of waiting.add(plainFix(fix))) take(due.id, due, events)
    return events
  }

  return {
    update: (fix) => update(fix),
    updateAll(fixes) {
      const events: TripEvent[] = []
      for (const fix of fixes) update(fix, events)
      return events
    },
    async *watch(fixes, { signal } = {}) {
      for await (const fix of fixes) {
        signal?.throwIfAborted()
        yield* update(fix)
      }
    },
    end(object) {
      const events: TripEvent[] = []
      for (const fix of [...waiting.waiting(object === undefined ? undefined : [object])]) take(fix.id, fix, events)
      for (const id of object === undefined ? [...objects.keys()] : [object]) {
        objects.get(id)?.end(events)
        objects.delete(id)
        waiting.forget(id)
      }
      return events
    },
  }
}
