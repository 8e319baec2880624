import type { Position } from '../../coordinates/position.ts'

/** Languages that instructions are written in. */
export type InstructionLanguage = 'en' | 'de' | 'fr' | 'es'

/** What to do. */
export type Maneuver =
  | 'depart'
  | 'arrive'
  | 'via'
  | 'continue'
  | 'straight'
  | 'slight-right'
  | 'right'
  | 'sharp-right'
  | 'slight-left'
  | 'left'
  | 'sharp-left'
  | 'turn-round'
  | 'ramp-right'
  | 'ramp-left'
  | 'roundabout'
  | 'ferry'

/** One thing to do on the way. */
export interface Instruction {
  readonly maneuver: Maneuver
  /** A sentence in the language that was asked for. */
  readonly text: string
  /** The road that follows: its name, else its number, else empty. */
  readonly name: string
  /** Metres until the next instruction. */
  readonly distance: number
  /** Seconds until the next instruction. */
  readonly duration: number
  /** Where. */
  readonly position: Position
  /** The place of `position` in the geometry of the route. */
  readonly point: number
  /** The way that leads out of a roundabout, counted from 1. */
  readonly exit?: number | undefined
}
