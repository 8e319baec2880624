// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.searchStarterPacksV2`. */
export interface AppBskyGraphSearchStarterPacksV2Types {
  readonly 'app.bsky.graph.searchStarterPacksV2': {
    readonly parameters: {
      readonly q: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly hitsTotal?: number | undefined
      readonly starterPacks: readonly LexiconTypes['app.bsky.graph.defs#starterPackView'][]
    }
  }
}
