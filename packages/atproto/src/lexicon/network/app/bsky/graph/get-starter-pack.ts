// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getStarterPack`. */
export interface AppBskyGraphGetStarterPackTypes {
  readonly 'app.bsky.graph.getStarterPack': {
    readonly parameters: {
      readonly starterPack: string
    }
    readonly output: {
      readonly starterPack: LexiconTypes['app.bsky.graph.defs#starterPackView']
    }
  }
}
