import type { Position } from '../coordinates/position.ts'
import { checkPosition, isPosition } from '../coordinates/position.ts'
import type { FenceFeature } from './feature.ts'
import type { FenceEvent, Fix } from './fence-event.ts'
import { FenceSet, readFence } from './fence-set.ts'
import { fenceRules, type FencesOptions } from './options.ts'
import { ReorderBuffer } from './track/reorder-buffer.ts'
import { objectStates, putBack, waitingFixes, type FenceSnapshot, type LostMembership } from './track/snapshot.ts'
import { plainFix } from './track/plain-fix.ts'
import { Tracker, type PlainFix } from './track/tracker.ts'

/** What a set of fences holds. */
export interface FenceStatistics {
  readonly fences: number
  readonly objects: number
  /** Bytes of the index, coordinates included. */
  readonly indexBytes: number
  /** Fixes that were left out, being no newer than the object's last one. */
  readonly late: number
}

/** Geofences, and the objects that move through them. */
export interface Fences {
  /**
   * Takes a fix and returns what it shows. Fixes that are not newer than the object's last are left out.
   *
   * @throws `GEO_FIX_INVALID`
   */
  update(fix: Fix): readonly FenceEvent[]
  /** Takes fixes in their order. @throws `GEO_FIX_INVALID`, naming the fix; those before it are taken. */
  updateAll(fixes: Iterable<Fix>): readonly FenceEvent[]
  /** Takes fixes as they come and yields what they show. */
  watch(fixes: AsyncIterable<Fix>, options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<FenceEvent>
  /**
   * Lets time pass without a fix: waiting fixes up to `time - lateness` are taken, who has stayed long enough dwells, and
   * who was not heard of for the time to live leaves. Looks at every object: call it every few seconds.
   */
  advance(time: Date | number): readonly FenceEvent[]
  /** Ids of the fences that contain a place. @throws `GEO_POSITION_INVALID` */
  locate(position: Position): readonly string[]
  /** Ids of the fences that an object is in. */
  fencesOf(object: string): readonly string[]
  /** Adds a fence or replaces the one of the same id. Objects that are no longer inside leave. @throws `GEO_FENCE_INVALID` */
  put(feature: FenceFeature): readonly FenceEvent[]
  /** Takes a fence away; objects inside leave. Nothing happens when there is none of that id. */
  remove(id: string): readonly FenceEvent[]
  /** When `advance` will next have something to do for an object, in milliseconds since 1970; Infinity for never. */
  dueOf(object: string): number
  /** Forgets an object without an event. */
  forget(object: string): void
  /** Says whether `put` would take a fence. @throws `GEO_FENCE_INVALID`, `GEO_POSITION_INVALID` */
  check(feature: FenceFeature): void
  /** The fence of an id. */
  feature(id: string): FenceFeature | undefined
  /** All features, as GeoJSON. */
  features(): readonly FenceFeature[]
  /** The state of all objects, or of some, as JSON can hold it; fixes that wait for older ones are part of it. */
  snapshot(objects?: readonly string[]): FenceSnapshot
  /** Goes on from a snapshot; objects that were in fences that are gone leave. @throws `GEO_FENCE_STATE_INVALID` */
  restore(snapshot: FenceSnapshot): readonly FenceEvent[]
  statistics(): FenceStatistics
}

const none: readonly FenceEvent[] = Object.freeze([])

/**
 * Geofences in memory: a hundred thousand of them, and a million objects, on one core. Events are what a dispatcher wants to
 * hear: a border that is crossed once is told once, however the positions jitter (`margin`, `accuracy`, `exitAfter`), repeat
 * or come out of order (`lateness`).
 *
 * @throws `GEO_FENCE_INVALID`, `GEO_FENCE_DUPLICATE`, `GEO_FENCE_OPTION_INVALID`, `GEO_POSITION_INVALID`,
 * `CORE_DURATION_INVALID`
 * @example
 * ```ts
 * import { createFences, type FenceFeature } from '@exprsn/geo/fence'
 *
 * const depot: FenceFeature = {
 *   type: 'Feature',
 *   id: 'depot',
 *   geometry: { type: 'Point', coordinates: [9.52, 47.14] },
 *   properties: { radius: 200 },
 * }
 * const fences = createFences({ features: [depot], exitAfter: 1 })
 * const events = fences.update({ id: 'van-7', position: [9.5205, 47.1403], time: new Date('2026-01-05T08:00:00Z') })
 * console.log(events.map(({ type, fence, object }) => `${object} ${type} ${fence}`)) // ['van-7 enter depot']
 * ```
 */
export function createFences(options: FencesOptions = {}): Fences {
  const rules = fenceRules(options)
  const fences = new FenceSet(options.features ?? [], rules)
  const tracker = new Tracker(fences, rules)
  const waiting = new ReorderBuffer(rules.lateness)
  let late = 0
  let latest = 0

  const take = (fix: PlainFix, events: FenceEvent[]): void => {
    if (fix.time > latest) latest = fix.time
    if (!tracker.update(fix, events)) late++
  }
  const takeOrHold = (fix: PlainFix, events: FenceEvent[]): void => {
    if (rules.lateness === 0) take(fix, events)
    else for (const due of waiting.add(fix)) take(due, events)
  }
  const update = (fix: Fix): readonly FenceEvent[] => {
    const events: FenceEvent[] = []
    takeOrHold(plainFix(fix), events)
    return events.length === 0 ? none : events
  }

  return {
    update,
    updateAll(fixes) {
      const events: FenceEvent[] = []
      for (const fix of fixes) takeOrHold(plainFix(fix), events)
      return events
    },
    async *watch(fixes, { signal } = {}) {
      for await (const fix of fixes) {
        signal?.throwIfAborted()
        yield* update(fix)
      }
    },
    advance(time) {
      const now = Number(time)
      const events: FenceEvent[] = []
      for (const fix of waiting.flush(now - rules.lateness)) take(fix, events)
      tracker.advance(now, now - rules.timeToLive, events)
      return events
    },
    locate(position) {
      // The check that names what is wrong takes longer, and makes a list.
      if (!isPosition(position)) checkPosition(position, 'position')
      return fences.namesAt(position)
    },
    fencesOf(object) {
      return tracker.zonesOf(object).map((zone) => fences.nameOf(zone >> 1))
    },
    dueOf(object) {
      const [oldest] = waiting.waiting([object])
      const slot = tracker.objects.slotOf(object)
      const moved = slot === undefined ? Infinity : tracker.dueOf(slot, rules.timeToLive)
      return Math.min(moved, oldest === undefined ? Infinity : oldest.time + rules.lateness)
    },
    put(feature) {
      const events: FenceEvent[] = []
      const { number, replaced } = fences.put(feature)
      if (replaced !== undefined) tracker.replace(replaced, number, latest, events)
      return events
    },
    remove(id) {
      const events: FenceEvent[] = []
      const number = fences.remove(id)
      if (number !== undefined) tracker.replace(number, undefined, latest, events)
      return events
    },
    forget(object) {
      const slot = tracker.objects.slotOf(object)
      if (slot !== undefined) tracker.forget(slot, 'lost', latest, [])
      waiting.forget(object)
    },
    check(feature) {
      readFence(feature, 'feature', rules)
    },
    feature(id) {
      const number = fences.numberOf(id)
      return number === undefined ? undefined : fences.fence(number)?.feature
    },
    features: () => [...fences].map(({ feature }) => feature),
    snapshot: (ids) => ({
      version: 1,
      objects: objectStates(tracker, fences, ids),
      waiting: Array.from(waiting.waiting(ids), ({ id, x, y, time, accuracy }) => [id, x, y, time, accuracy]),
    }),
    restore(snapshot) {
      const held = snapshot == null ? [] : waitingFixes(snapshot)
      const events = putBack(snapshot, tracker, fences).map(exitOf)
      for (const [, , , time] of snapshot.objects) latest = Math.max(latest, time)
      for (const fix of held) takeOrHold(fix, events)
      return events
    },
    statistics: () => ({
      ...{ fences: fences.size, objects: tracker.objects.size, indexBytes: fences.indexBytes, late },
    }),
  }
}

function exitOf({ fence, object, since, time, position }: LostMembership): FenceEvent {
  const at = new Date(time)
  return {
    ...{ type: 'exit', fence, object, time: at, confirmed: at, position },
    ...{ duration: Math.max(0, time - since), reason: 'removed' },
  }
}
