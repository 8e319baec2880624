import type { Database } from '@exprsn/core/database'
import type { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import type { FakeHost, FakeRepo } from '@exprsn/atproto/testing'
import type { Sync } from '@exprsn/atproto/sync'
import type { SimulatedProcess } from './simulated-process.ts'

/** Everything of one seed. */
export interface World {
  readonly real: Database
  readonly clock: SimulatedClock
  readonly random: SeededRandom
  readonly host: FakeHost
  readonly faults: Record<string, number>
  readonly violations: string[]
  readonly processes: Map<SimulatedProcess, Sync>
  /** Older states of repositories, for hosts that answer from a copy. */
  readonly snapshots: Map<string, FakeRepo>
  /** Accounts that were announced to have what they do not have. */
  readonly phantoms: Set<string>
  /** How often an account was announced under a handle. */
  readonly announced: Map<string, number>
  readonly plant: (sql: string) => string
  /** The network may leave out and reorder; then, and only then, the list of repositories is compared at the end. */
  readonly lossy: boolean
  stormy: boolean
  /** Whether a stream was opened anew without a cursor. */
  blind: boolean
  sources: number
  /** Until then the stream cannot be reached. */
  downUntil: number
  /** For this account the handler always fails. */
  poisoned: string | undefined
  readonly hit: (fault: string) => void
}
