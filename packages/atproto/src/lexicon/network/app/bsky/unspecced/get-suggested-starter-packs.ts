// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getSuggestedStarterPacks`. */
export interface AppBskyUnspeccedGetSuggestedStarterPacksTypes {
  readonly 'app.bsky.unspecced.getSuggestedStarterPacks': {
    readonly parameters: {
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly starterPacks: readonly LexiconTypes['app.bsky.graph.defs#starterPackView'][]
    }
  }
}
