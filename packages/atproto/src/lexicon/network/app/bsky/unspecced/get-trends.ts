// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getTrends`. */
export interface AppBskyUnspeccedGetTrendsTypes {
  readonly 'app.bsky.unspecced.getTrends': {
    readonly parameters: {
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly trends: readonly LexiconTypes['app.bsky.unspecced.defs#trendView'][]
      readonly recIdStr?: string | undefined
    }
  }
}
