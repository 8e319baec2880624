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
  /** Files, and what is said to those who do not see them. */
  readonly images?: readonly { readonly ref: string; readonly alt: string }[] | undefined
  /** The page that is shown below the first post. */
  readonly card?: string | undefined
}

/** What the host publishes. */
export interface Items {
  /** Edited in place; nobody else touches them, and a conflict would be a mistake. */
  readonly notes: Item
  /** Posted anew at every edit. */
  readonly news: Item
  /** Records of a lexicon of the host's own, which others edit, too. */
  readonly docs: Item
  /** With images, none of which may be without words. */
  readonly pictures: Item
  /** Written in one step, some with images. */
  readonly threads: Item
  /** With cards of pages that say something else each time they are read. */
  readonly pages: Item
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
  /** What is published in this run. */
  readonly cast: readonly (keyof Items)[]
  /** Requests that were given up may still arrive. */
  readonly late: boolean
  /** What should be published: by mapping and id. */
  readonly model: Map<string, Item>
  /** Everything that an item was ever to say. */
  readonly bodies: Map<string, Set<string>>
  /** What a page was first shown with. */
  readonly titles: Map<string, string>
  stormy: boolean
  /** Of a hundred calls that write so many are given up, and arrive all the same: at most 80. */
  lateOdds: number
  started: number
  readonly hit: (fault: string) => void
}
