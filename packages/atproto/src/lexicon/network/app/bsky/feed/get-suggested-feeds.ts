// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getSuggestedFeeds`. */
export interface AppBskyFeedGetSuggestedFeedsTypes {
  readonly 'app.bsky.feed.getSuggestedFeeds': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly feeds: readonly LexiconTypes['app.bsky.feed.defs#generatorView'][]
    }
  }
}
