// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getTrendingTopics`. */
export interface AppBskyUnspeccedGetTrendingTopicsTypes {
  readonly 'app.bsky.unspecced.getTrendingTopics': {
    readonly parameters: {
      readonly viewer?: string | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly topics: readonly LexiconTypes['app.bsky.unspecced.defs#trendingTopic'][]
      readonly suggested: readonly LexiconTypes['app.bsky.unspecced.defs#trendingTopic'][]
    }
  }
}
