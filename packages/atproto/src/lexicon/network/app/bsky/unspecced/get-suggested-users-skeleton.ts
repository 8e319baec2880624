// Written by scripts/generate-network.ts.

/** The types of `app.bsky.unspecced.getSuggestedUsersSkeleton`. */
export interface AppBskyUnspeccedGetSuggestedUsersSkeletonTypes {
  readonly 'app.bsky.unspecced.getSuggestedUsersSkeleton': {
    readonly parameters: {
      readonly viewer?: string | undefined
      readonly category?: string | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly dids: readonly string[]
      readonly recId?: string | undefined
      readonly recIdStr?: string | undefined
    }
  }
}
