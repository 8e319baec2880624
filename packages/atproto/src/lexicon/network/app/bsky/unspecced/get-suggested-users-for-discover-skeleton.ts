// Written by scripts/generate-network.ts.

/** The types of `app.bsky.unspecced.getSuggestedUsersForDiscoverSkeleton`. */
export interface AppBskyUnspeccedGetSuggestedUsersForDiscoverSkeletonTypes {
  readonly 'app.bsky.unspecced.getSuggestedUsersForDiscoverSkeleton': {
    readonly parameters: {
      readonly viewer?: string | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly dids: readonly string[]
      readonly recIdStr?: string | undefined
    }
  }
}
