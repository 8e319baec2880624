// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getSuggestedFeeds`. */
export interface AppBskyUnspeccedGetSuggestedFeedsTypes {
  readonly 'app.bsky.unspecced.getSuggestedFeeds': {
    readonly parameters: {
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly feeds: readonly LexiconTypes['app.bsky.feed.defs#generatorView'][]
    }
  }
}
