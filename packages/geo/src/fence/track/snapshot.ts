import { fenceErrors } from '../errors.ts'
import type { FenceSet } from '../fence-set.ts'
import { membership } from './memberships.ts'
import type { PlainFix, Tracker } from './tracker.ts'

/** Where every object was and which fences it is in, as JSON can hold it. */
export interface FenceSnapshot {
  readonly version: 1
  /** `[id, longitude, latitude, time, [fence, …]]`, times in milliseconds since 1970. */
  readonly objects: readonly ObjectState[]
  /** Fixes that wait for older ones (`lateness`). */
  readonly waiting?: readonly WaitingFix[] | undefined
}

/** One waiting fix of a {@link FenceSnapshot}. */
export type WaitingFix = readonly [id: string, longitude: number, latitude: number, time: number, accuracy: number]

/** One object of a {@link FenceSnapshot}. */
export type ObjectState = readonly [
  id: string,
  longitude: number,
  latitude: number,
  time: number,
  memberships: readonly MembershipState[],
]

/** One membership of a {@link FenceSnapshot}. */
export type MembershipState = readonly [
  fence: string,
  /** Inside or near, or not seen there often enough yet. */
  kind: 'inside' | 'entering' | 'near' | 'nearing',
  since: number,
  /** Fixes that speak for a change. */
  count: number,
  outsideSince: number,
  dwelled: 0 | 1,
]

/** Writes down some objects, or all. */
export function objectStates(tracker: Tracker, fences: FenceSet, ids?: readonly string[]): readonly ObjectState[] {
  const { objects, memberships } = tracker
  const slots = ids?.map((id) => objects.slotOf(id)).filter((slot) => slot !== undefined) ?? [...objects.slots()]
  return slots.map((slot): ObjectState => {
    const own: MembershipState[] = []
    for (let at = objects.head[slot]!; at >= 0; at = memberships.next[at]!) {
      const zone = memberships.zone[at]!
      const inside = memberships.state[at] === membership.inside
      const kind = zone % 2 === 0 ? (inside ? 'inside' : 'entering') : inside ? 'near' : 'nearing'
      const dwelled = memberships.dwelled[at] === 1 ? 1 : 0
      own.push([
        ...([fences.nameOf(zone >> 1), kind, memberships.since[at]!] as const),
        ...([memberships.count[at]!, memberships.outsideSince[at]!, dwelled] as const),
      ])
    }
    return [objects.idOf(slot), objects.x[slot]!, objects.y[slot]!, objects.time[slot]!, own.reverse()]
  })
}

/** The waiting fixes of a snapshot. @throws `GEO_FENCE_STATE_INVALID` */
export function waitingFixes({ waiting = [] }: FenceSnapshot): readonly PlainFix[] {
  return waiting.map((row, index) => {
    const [id, x, y, time, accuracy] = row
    if (typeof id !== 'string' || ![x, y, time, accuracy].every(Number.isFinite))
      throw invalid(`waiting[${index}] is not a fix`)
    return { id, x, y, time, accuracy }
  })
}

/**
 * Puts the objects of a snapshot back. What it says of fences that are gone is returned, so that their exits can be told.
 *
 * @throws `GEO_FENCE_STATE_INVALID`
 */
export function putBack(snapshot: FenceSnapshot, tracker: Tracker, fences: FenceSet): readonly LostMembership[] {
  const { objects, memberships } = tracker
  const lost: LostMembership[] = []
  if (snapshot?.version !== 1 || !Array.isArray(snapshot.objects)) throw invalid('it is not a snapshot of version 1')
  snapshot.objects.forEach((state, index) => {
    const [id, x, y, time, own] = checkState(state, index)
    if (objects.slotOf(id) !== undefined) throw invalid(`the object "${id}" is there already`)
    const slot = objects.open(id)
    objects.x[slot] = x
    objects.y[slot] = y
    objects.time[slot] = time
    for (const [fence, kind, since, count, outsideSince, dwelled] of own) {
      const number = fences.numberOf(fence)
      if (number === undefined) {
        if (kind === 'inside') lost.push({ fence, object: id, since, time, position: [x, y] })
        continue
      }
      const at = memberships.add(number * 2 + (kind.startsWith('near') ? 1 : 0), since, objects.head[slot]!)
      objects.head[slot] = at
      memberships.state[at] = kind === 'entering' || kind === 'nearing' ? membership.entering : membership.inside
      memberships.count[at] = count
      memberships.outsideSince[at] = outsideSince
      memberships.dwelled[at] = dwelled
    }
  })
  return lost
}

/** An object that was in a fence that is gone. */
export interface LostMembership {
  readonly fence: string
  readonly object: string
  readonly since: number
  readonly time: number
  readonly position: readonly [number, number]
}

function checkState(state: unknown, index: number): ObjectState {
  const bad = (what: string): never => {
    throw invalid(`objects[${index}] has no ${what}`)
  }
  if (!Array.isArray(state)) return bad('members')
  const [id, x, y, time, own] = state as unknown[]
  if (typeof id !== 'string') return bad('id')
  if (![x, y, time].every(Number.isFinite)) return bad('position and time')
  if (!Array.isArray(own) || !own.every(isMembership)) return bad('valid memberships')
  return state as unknown as ObjectState
}

function isMembership(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 6) return false
  const [fence, kind, ...numbers] = value as unknown[]
  return (
    typeof fence === 'string' &&
    ['inside', 'entering', 'near', 'nearing'].includes(kind as string) &&
    numbers.every(Number.isFinite)
  )
}

function invalid(reason: string) {
  return fenceErrors.GEO_FENCE_STATE_INVALID({ reason })
}
