// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getOnboardingSuggestedStarterPacks`. */
export interface AppBskyUnspeccedGetOnboardingSuggestedStarterPacksTypes {
  readonly 'app.bsky.unspecced.getOnboardingSuggestedStarterPacks': {
    readonly parameters: {
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly starterPacks: readonly LexiconTypes['app.bsky.graph.defs#starterPackView'][]
    }
  }
}
