// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getStarterPacks`. */
export interface AppBskyGraphGetStarterPacksTypes {
  readonly 'app.bsky.graph.getStarterPacks': {
    readonly parameters: {
      readonly uris: readonly string[]
    }
    readonly output: {
      readonly starterPacks: readonly LexiconTypes['app.bsky.graph.defs#starterPackViewBasic'][]
    }
  }
}
