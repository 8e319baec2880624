// Written by scripts/generate-network.ts.

/** The types of `app.bsky.unspecced.getSuggestedUsersForSeeMoreSkeleton`. */
export interface AppBskyUnspeccedGetSuggestedUsersForSeeMoreSkeletonTypes {
  readonly 'app.bsky.unspecced.getSuggestedUsersForSeeMoreSkeleton': {
    readonly parameters: {
      readonly viewer?: string | undefined
      readonly category?: string | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly dids: readonly string[]
      readonly recIdStr?: string | undefined
    }
  }
}
