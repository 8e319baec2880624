// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.searchStarterPacks`. */
export interface AppBskyGraphSearchStarterPacksTypes {
  readonly 'app.bsky.graph.searchStarterPacks': {
    readonly parameters: {
      readonly q: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly starterPacks: readonly LexiconTypes['app.bsky.graph.defs#starterPackViewBasic'][]
    }
  }
}
