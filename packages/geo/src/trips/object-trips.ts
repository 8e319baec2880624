import { metresBetween } from '../coordinates/sphere.ts'
import type { TripRules } from './options.ts'
import type { Stop, Trip, TripEvent } from './trip-event.ts'

/** A fix in numbers: degrees, milliseconds since 1970. */
export interface PlainPlace {
  readonly x: number
  readonly y: number
  readonly time: number
}

/** Where an object may have stopped: the middle of its fixes since it came there. */
interface Stay extends PlainPlace {
  x: number
  y: number
  readonly time: number
  fixes: number
  last: number
}

/** More fixes do not make a middle better; a device that stands for days shall not freeze it. */
const mostInMiddle = 200

/** The trips of one object. */
export class ObjectTrips {
  readonly #object: string
  readonly #rules: TripRules
  #stay: Stay
  #stopped = false
  /** Fixes away from a stop that do not end it yet. */
  #away: PlainPlace[] = []
  /** Where and when the trip in progress began, and its metres up to the stay. */
  #start: PlainPlace
  #distance = 0

  constructor(object: string, rules: TripRules, first: PlainPlace) {
    this.#object = object
    this.#rules = rules
    this.#start = first
    this.#stay = stayAt(first)
  }

  /** Of the last fix, milliseconds since 1970. */
  get time(): number {
    return this.#away.at(-1)?.time ?? this.#stay.last
  }

  /** Takes a fix that is newer than the last. */
  take(fix: PlainPlace, events: TripEvent[]): void {
    if (fix.time - this.time > this.#rules.longestGap && !(this.#stopped && this.#isHere(fix))) this.#cut(fix, events)
    else if (this.#isHere(fix)) this.#remain(fix, events)
    else if (this.#stopped) this.#moveAway(fix, events)
    else this.#goOn(fix)
  }

  /** Ends what is in progress, as if no fix would ever come again. */
  end(events: TripEvent[]): void {
    if (this.#stopped) this.#report('leave', events)
    else this.#endTrip(this.#stay.last, true, events)
  }

  #isHere({ x, y }: PlainPlace): boolean {
    return metresBetween(this.#stay.x, this.#stay.y, x, y) <= this.#rules.radius
  }

  #remain({ x, y, time }: PlainPlace, events: TripEvent[]): void {
    const stay = this.#stay
    const weight = 1 / Math.min(++stay.fixes, mostInMiddle)
    stay.x += (x - stay.x) * weight
    stay.y += (y - stay.y) * weight
    stay.last = time
    this.#away = []
    if (this.#stopped || time - stay.time < this.#rules.stopAfter) return
    this.#endTrip(stay.time, false, events)
    this.#stopped = true
    this.#report('stop', events)
  }

  #goOn(fix: PlainPlace): void {
    this.#distance += metresBetween(this.#stay.x, this.#stay.y, fix.x, fix.y)
    this.#stay = stayAt(fix)
  }

  #moveAway(fix: PlainPlace, events: TripEvent[]): void {
    this.#away.push(fix)
    if (this.#away.length < this.#rules.leaveAfter) return
    const away = this.#away
    this.#leave(events)
    for (const each of away)
      if (this.#isHere(each)) this.#remain(each, events)
      else this.#goOn(each)
  }

  #leave(events: TripEvent[]): void {
    this.#report('leave', events)
    const { x, y, last } = this.#stay
    this.#stopped = false
    this.#away = []
    this.#start = { x, y, time: last }
    this.#distance = 0
    this.#stay = stayAt(this.#start)
  }

  #cut(fix: PlainPlace, events: TripEvent[]): void {
    this.end(events)
    this.#stopped = false
    this.#away = []
    this.#start = fix
    this.#distance = 0
    this.#stay = stayAt(fix)
  }

  #endTrip(time: number, cut: boolean, events: TripEvent[]): void {
    const { x, y } = this.#stay
    if (this.#distance === 0 || this.#distance < this.#rules.shortest) return
    const trip: Trip = {
      ...{ from: new Date(this.#start.time), to: new Date(time), cut, distance: this.#distance },
      ...{ start: [this.#start.x, this.#start.y], end: [x, y] },
    }
    events.push({ type: 'trip', object: this.#object, trip })
  }

  #report(type: 'stop' | 'leave', events: TripEvent[]): void {
    const { x, y, time, last } = this.#stay
    const stop: Stop = { position: [x, y], from: new Date(time), ...(type === 'leave' && { to: new Date(last) }) }
    events.push({ type, object: this.#object, stop })
  }
}

function stayAt({ x, y, time }: PlainPlace): Stay {
  return { x, y, time, fixes: 1, last: time }
}
