/** What a plan can do wrong. */
export type ViolationKind =
  | 'vehicle'
  | 'visits'
  | 'unassigned'
  | 'order'
  | 'place'
  | 'travel'
  | 'time'
  | 'window'
  | 'shift'
  | 'capacity'
  | 'load'
  | 'skills'
  | 'break'
  | 'hours'
  | 'max-duty'
  | 'max-driving'
  | 'max-distance'
  | 'max-stops'
  | 'reload'
  | 'backhauls'
  | 'group'
  | 'locked'
  | 'cost'

/** Something that a plan does wrong. */
export interface Violation {
  readonly kind: ViolationKind
  readonly vehicle?: string | undefined
  /** Of the stop, shipment or break. */
  readonly id?: string | undefined
  /** A sentence for people. */
  readonly detail: string
}

/** Notes a violation. */
export type Report = (kind: ViolationKind, detail: string, id?: string) => void

/** Seconds, metres and costs may be off by so much: sums of fractions are inexact. */
export const tolerance = 1e-4
