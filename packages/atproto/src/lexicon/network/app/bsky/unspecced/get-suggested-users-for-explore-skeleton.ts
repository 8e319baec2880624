// Written by scripts/generate-network.ts.

/** The types of `app.bsky.unspecced.getSuggestedUsersForExploreSkeleton`. */
export interface AppBskyUnspeccedGetSuggestedUsersForExploreSkeletonTypes {
  readonly 'app.bsky.unspecced.getSuggestedUsersForExploreSkeleton': {
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
