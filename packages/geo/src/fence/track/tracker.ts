import type { ExitReason, FenceEvent } from '../fence-event.ts'
import type { FenceEventType } from '../feature.ts'
import type { FenceSet } from '../fence-set.ts'
import type { FenceRules } from '../options.ts'
import { Memberships, membership } from './memberships.ts'
import { Objects } from './objects.ts'

/** A fix in numbers: degrees, milliseconds since 1970, metres. */
export interface PlainFix {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly time: number
  readonly accuracy: number
}

/** Turns fixes, in order of time per object, into what they say about the fences. */
export class Tracker {
  readonly objects = new Objects()
  readonly memberships = new Memberships()
  readonly #fences: FenceSet
  readonly #rules: FenceRules
  readonly #zones: number[] = []
  readonly #passed: number[] = []
  #events: FenceEvent[] = []

  constructor(fences: FenceSet, rules: FenceRules) {
    this.#fences = fences
    this.#rules = rules
  }

  /** Takes a fix and appends what happened to `events`. A fix that is not newer than the last is left out: false. */
  update(fix: PlainFix, events: FenceEvent[]): boolean {
    const { objects } = this
    const slot = objects.open(fix.id)
    const before = objects.time[slot]!
    if (fix.time <= before) return false
    this.#events = events
    this.#locate(fix)
    if (this.#rules.cross && fix.time - before <= this.#rules.longestGap) this.#reportCrossed(slot, fix)
    this.#leaveOrStay(slot, fix)
    this.#enter(slot, fix)
    objects.x[slot] = fix.x
    objects.y[slot] = fix.y
    objects.time[slot] = fix.time
    return true
  }

  /** The zones of the fix; who is inside a fence has also come near it. */
  #locate({ x, y }: PlainFix): void {
    const zones = this.#zones
    this.#fences.locate([x, y], zones)
    for (let at = 0, count = zones.length; at < count; at++) {
      const zone = zones[at]!
      if (zone % 2 === 0 && this.#fences.fence(zone >> 1)!.approach > 0 && !zones.includes(zone + 1))
        zones.push(zone + 1)
    }
  }

  #leaveOrStay(slot: number, fix: PlainFix): void {
    const { memberships, objects } = this
    const zones = this.#zones
    let previous = -1
    for (let at = objects.head[slot]!; at >= 0;) {
      const next = memberships.next[at]!
      const hit = zones.indexOf(memberships.zone[at]!)
      const stays = hit >= 0 ? this.#stay(at, fix) : this.#mayLeave(at, fix)
      if (hit >= 0 && stays) zones[hit] = -1
      if (stays) previous = at
      else {
        if (previous < 0) objects.head[slot] = next
        else memberships.next[previous] = next
        memberships.release(at)
      }
      at = next
    }
  }

  #stay(at: number, fix: PlainFix): boolean {
    const { memberships } = this
    if (memberships.state[at] === membership.entering) {
      if (this.#isUnsure(memberships.zone[at]!, fix)) return true
      memberships.count[at]!++
      if (memberships.count[at]! >= this.#rules.enterAfter) this.#become(at, fix)
      return true
    }
    memberships.count[at] = 0
    if (memberships.dwelled[at] === 0) this.#dwellWhenDue(at, fix.id, fix.time, fix)
    return true
  }

  /** Whether the membership goes on although the fix is outside. */
  #mayLeave(at: number, fix: PlainFix): boolean {
    const { memberships } = this
    const zone = memberships.zone[at]!
    if (this.#fences.fence(zone >> 1) === undefined) return false
    if (memberships.state[at] === membership.entering) return this.#isUnsure(zone, fix)
    if (this.#isUnsure(zone, fix)) return true
    if (memberships.count[at]!++ === 0) memberships.outsideSince[at] = fix.time
    if (memberships.count[at]! < this.#rules.exitAfter) return true
    if (zone % 2 === 0) {
      const time = memberships.outsideSince[at]!
      // It stayed until it was seen outside: long enough to dwell, perhaps, with no fix in between.
      if (memberships.dwelled[at] === 0) this.#dwellWhenDue(at, fix.id, time, fix)
      this.#report('exit', zone, fix.id, time, fix, { duration: time - memberships.since[at]! })
    }
    return false
  }

  #enter(slot: number, fix: PlainFix): void {
    const { memberships, objects } = this
    for (const zone of this.#zones) {
      if (zone < 0 || this.#isUnsure(zone, fix)) continue
      const at = memberships.add(zone, fix.time, objects.head[slot]!)
      objects.head[slot] = at
      memberships.count[at] = 1
      if (this.#rules.enterAfter <= 1) this.#become(at, fix)
    }
  }

  #become(at: number, fix: PlainFix): void {
    const { memberships } = this
    const zone = memberships.zone[at]!
    memberships.state[at] = membership.inside
    memberships.count[at] = 0
    if (zone % 2 === 0) {
      this.#report('enter', zone, fix.id, memberships.since[at]!, fix)
      this.#dwellWhenDue(at, fix.id, fix.time, fix)
    } else if (!this.isInside(fix.id, zone - 1) && !this.#zones.includes(zone - 1))
      this.#report('approach', zone, fix.id, memberships.since[at]!, fix)
  }

  #dwellWhenDue(at: number, id: string, now: number, place: Place): void {
    const { memberships } = this
    const zone = memberships.zone[at]!
    const dwell = zone % 2 === 0 ? this.#fences.dwellOf(zone >> 1) : Infinity
    const due = memberships.since[at]! + dwell
    if (now < due) return
    memberships.dwelled[at] = 1
    this.#report('dwell', zone, id, due, place, { duration: dwell })
  }

  /** Nearer to the border than the fix is exact: it says neither inside nor outside. */
  #isUnsure(zone: number, { x, y, accuracy }: PlainFix): boolean {
    const margin = Math.max(this.#rules.margin, accuracy)
    return margin > 0 && zone % 2 === 0 && this.#fences.borderWithin(zone >> 1, x, y, margin)
  }

  #reportCrossed(slot: number, fix: PlainFix): void {
    const { objects } = this
    const passed = this.#passed
    const fromX = objects.x[slot]!
    const fromY = objects.y[slot]!
    this.#fences.along(fromX, fromY, fix.x, fix.y, passed)
    if (passed.length === 0) return
    const from: number[] = []
    this.#fences.locate([fromX, fromY], from)
    for (const zone of passed) {
      if (zone % 2 === 1 || this.#zones.includes(zone) || from.includes(zone) || this.#membershipOf(slot, zone) >= 0)
        continue
      this.#report('cross', zone, fix.id, fix.time, fix)
    }
  }

  /** Whether the object counts as inside the zone. */
  isInside(id: string, zone: number): boolean {
    const slot = this.objects.slotOf(id)
    if (slot === undefined) return false
    const at = this.#membershipOf(slot, zone)
    return at >= 0 && this.memberships.state[at] === membership.inside
  }

  /** The fences that an object is in, as zones. */
  zonesOf(id: string): readonly number[] {
    const { memberships, objects } = this
    const zones: number[] = []
    const slot = objects.slotOf(id)
    for (let at = slot === undefined ? -1 : objects.head[slot]!; at >= 0; at = memberships.next[at]!)
      if (memberships.zone[at]! % 2 === 0 && memberships.state[at] === membership.inside)
        zones.push(memberships.zone[at]!)
    return zones
  }

  #membershipOf(slot: number, zone: number): number {
    const { memberships, objects } = this
    let at = objects.head[slot]!
    while (at >= 0 && memberships.zone[at] !== zone) at = memberships.next[at]!
    return at
  }

  /** Reports dwelling that no fix showed, and forgets objects without a fix since `forgetBefore`. */
  advance(now: number, forgetBefore: number, events: FenceEvent[]): void {
    this.#events = events
    const { objects, memberships } = this
    for (const slot of [...objects.slots()]) {
      for (let at = objects.head[slot]!; at >= 0; at = memberships.next[at]!)
        if (memberships.state[at] === membership.inside && memberships.dwelled[at] === 0) {
          const until = memberships.count[at]! > 0 ? memberships.outsideSince[at]! : now
          this.#dwellWhenDue(at, objects.idOf(slot), until, this.#placeOf(slot))
        }
      if (objects.time[slot]! < forgetBefore) this.forget(slot, 'lost', now, events)
    }
  }

  /** When `advance` will report dwelling of an object or forget it. */
  dueOf(slot: number, timeToLive: number): number {
    const { objects, memberships } = this
    // It is forgotten once it was silent for longer.
    let due = objects.time[slot]! + timeToLive + 1
    for (let at = objects.head[slot]!; at >= 0; at = memberships.next[at]!) {
      const zone = memberships.zone[at]!
      if (zone % 2 === 1 || memberships.state[at] !== membership.inside || memberships.dwelled[at] === 1) continue
      const dwells = memberships.since[at]! + this.#fences.dwellOf(zone >> 1)
      if (memberships.count[at] === 0 || dwells <= memberships.outsideSince[at]!) due = Math.min(due, dwells)
    }
    return due
  }

  /** Ends all memberships of an object and forgets it. */
  forget(slot: number, reason: ExitReason, now: number, events: FenceEvent[]): void {
    this.#events = events
    const { objects, memberships } = this
    for (let at = objects.head[slot]!; at >= 0;) {
      const next = memberships.next[at]!
      this.#leaveFor(at, slot, reason, now)
      memberships.release(at)
      at = next
    }
    objects.forget(slot)
  }

  /** A fence is gone, or has become another number: who is still inside that one stays, the others leave. */
  replace(number: number, by: number | undefined, now: number, events: FenceEvent[]): void {
    this.#events = events
    const { objects, memberships } = this
    const zones: number[] = []
    for (const slot of objects.slots()) {
      let previous = -1
      for (let at = objects.head[slot]!; at >= 0;) {
        const next = memberships.next[at]!
        const zone = memberships.zone[at]!
        if (zone >> 1 === number) {
          if (by !== undefined) this.#fences.locate([objects.x[slot]!, objects.y[slot]!], zones)
          const successor = by === undefined ? -1 : by * 2 + (zone % 2)
          if (by !== undefined && zones.includes(successor)) memberships.zone[at] = successor
          else {
            this.#leaveFor(at, slot, by === undefined ? 'removed' : 'changed', now)
            if (previous < 0) objects.head[slot] = next
            else memberships.next[previous] = next
            memberships.release(at)
            at = next
            continue
          }
        }
        previous = at
        at = next
      }
    }
  }

  #leaveFor(at: number, slot: number, reason: ExitReason, now: number): void {
    const { memberships, objects } = this
    const zone = memberships.zone[at]!
    if (zone % 2 === 1 || memberships.state[at] !== membership.inside) return
    const time = memberships.count[at]! > 0 ? memberships.outsideSince[at]! : objects.time[slot]!
    const duration = Math.max(0, time - memberships.since[at]!)
    if (memberships.dwelled[at] === 0) this.#dwellWhenDue(at, objects.idOf(slot), time, this.#placeOf(slot))
    this.#report('exit', zone, objects.idOf(slot), time, { ...this.#placeOf(slot), time: now }, { duration, reason })
  }

  #placeOf(slot: number): Place {
    const { x, y, time } = this.objects
    return { x: x[slot]!, y: y[slot]!, time: time[slot]! }
  }

  #report(type: FenceEventType, zone: number, object: string, time: number, place: Place, more?: Partial<FenceEvent>) {
    const fence = this.#fences.nameOf(zone >> 1)
    this.#events.push({
      ...{ type, fence, object, time: new Date(time), confirmed: new Date(place.time) },
      ...{ position: [place.x, place.y], ...more },
    })
  }
}

interface Place {
  readonly x: number
  readonly y: number
  readonly time: number
}
