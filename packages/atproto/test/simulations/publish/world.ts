import type { Database } from '@exprsn/core/database'
import type { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import type { Publisher } from '@exprsn/atproto/publish'
import type { FakeHost } from '@exprsn/atproto/testing'
import type { RateLimits } from '../../../src/testing/rate-limits.ts'
import type { SimulatedProcess } from '../sync/simulated-process.ts'
import type { PlantedBug } from './planted-bugs.ts'

/** An item of the host. */
export interface Item {
  readonly id: string
  readonly body: string
}

/** What the host publishes. */
export interface Items {
  /** Edited in place; nobody else touches them, and a conflict would be a mistake. */
  readonly notes: Item
  /** Posted anew at every edit. */
  readonly news: Item
  /** Records of a lexicon of the host's own, which others edit, too. */
  readonly docs: Item
}

/** One run of the simulation. */
export interface World {
  readonly real: Database
  readonly clock: SimulatedClock
  readonly random: SeededRandom
  readonly host: FakeHost
  readonly did: string
  readonly limits: RateLimits
  readonly violations: string[]
  readonly processes: Map<SimulatedProcess, Publisher<Items>>
  readonly bug: PlantedBug
  /** Requests that were given up may still arrive. */
  readonly late: boolean
  /** What should be published: by mapping and id. */
  readonly model: Map<string, Item>
  stormy: boolean
  /** Of a hundred calls that write so many are given up, and arrive all the same: at most 80. */
  lateOdds: number
  started: number
  readonly hit: (fault: string) => void
}
