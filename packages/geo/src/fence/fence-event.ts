import type { Position } from '../coordinates/position.ts'
import type { FenceEventType } from './feature.ts'

/** Where an object was. */
export interface Fix {
  /** Names the object. */
  readonly id: string
  readonly position: Position
  /** Date, or milliseconds since 1970. */
  readonly time: Date | number
  /** Radius in metres within which the object is with some certainty. @default 0 */
  readonly accuracy?: number | undefined
}

/** Why an object left without a fix outside: its fence was removed or changed, or no fix came for the time to live. */
export type ExitReason = 'removed' | 'changed' | 'lost'

/** Something that happened between an object and a fence. */
export interface FenceEvent {
  readonly type: FenceEventType
  /** Id of the fence. */
  readonly fence: string
  /** Id of the object. */
  readonly object: string
  /** When it happened: the first fix that showed it. */
  readonly time: Date
  /** When it became certain: the fix that confirmed it. */
  readonly confirmed: Date
  /** Where the object was at the confirming fix. */
  readonly position: Position
  /** Milliseconds since it entered, for `dwell` and `exit`. */
  readonly duration?: number | undefined
  /** For an `exit` that no fix showed. */
  readonly reason?: ExitReason | undefined
}
