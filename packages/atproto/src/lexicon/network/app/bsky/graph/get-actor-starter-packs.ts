// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getActorStarterPacks`. */
export interface AppBskyGraphGetActorStarterPacksTypes {
  readonly 'app.bsky.graph.getActorStarterPacks': {
    readonly parameters: {
      readonly actor: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly starterPacks: readonly LexiconTypes['app.bsky.graph.defs#starterPackViewBasic'][]
    }
  }
}
