// Written by scripts/generate-network.ts.

/** The types of `app.bsky.unspecced.getSuggestedFeedsSkeleton`. */
export interface AppBskyUnspeccedGetSuggestedFeedsSkeletonTypes {
  readonly 'app.bsky.unspecced.getSuggestedFeedsSkeleton': {
    readonly parameters: {
      readonly viewer?: string | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly feeds: readonly string[]
    }
  }
}
