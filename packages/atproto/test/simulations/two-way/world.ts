import type { Database } from '@exprsn/core/database'
import type { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import type { FakeHost } from '@exprsn/atproto/testing'
import type { TwoWay } from '@exprsn/atproto/two-way'
import type { SimulatedProcess } from '../sync/simulated-process.ts'
import type { PlantedBug } from './planted-bugs.ts'

/** An item of the host. */
export interface Item {
  readonly id: string
  readonly title: string
  readonly body: string
}

/** What the host keeps equal, by policy. */
export interface Items {
  /** `merge`: the host changes titles alone, others change bodies and a field of their own alone. Nothing may get lost. */
  readonly merged: Item
  /** `local-wins`: everything is changed and deleted on both sides. */
  readonly ours: Item
  /** `remote-wins`, the same. */
  readonly theirs: Item
}

/** The kinds in the order in which they are drawn. */
export const kinds = ['merged', 'ours', 'theirs'] as const

/** The collection of a kind. */
export function collectionOf(kind: string): string {
  return `com.example.${kind}`
}

/** One run of the simulation. */
export interface World {
  readonly real: Database
  readonly clock: SimulatedClock
  readonly random: SeededRandom
  readonly host: FakeHost
  readonly did: string
  readonly violations: string[]
  readonly processes: Map<SimulatedProcess, TwoWay<Items>>
  readonly bug: PlantedBug
  /** Of merged items what each side has said last. */
  readonly titles: Map<string, string>
  readonly bodies: Map<string, string>
  /** Requests that were given up may still arrive. */
  readonly late: boolean
  stormy: boolean
  started: number
  /** What the host has asked for, and others have done. */
  changes: number
  readonly hit: (fault: string) => void
}
