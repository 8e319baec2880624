// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getTrendsSkeleton`. */
export interface AppBskyUnspeccedGetTrendsSkeletonTypes {
  readonly 'app.bsky.unspecced.getTrendsSkeleton': {
    readonly parameters: {
      readonly viewer?: string | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly trends: readonly LexiconTypes['app.bsky.unspecced.defs#skeletonTrend'][]
      readonly recIdStr?: string | undefined
    }
  }
}
