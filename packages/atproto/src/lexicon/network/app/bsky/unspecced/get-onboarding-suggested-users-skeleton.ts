// Written by scripts/generate-network.ts.

/** The types of `app.bsky.unspecced.getOnboardingSuggestedUsersSkeleton`. */
export interface AppBskyUnspeccedGetOnboardingSuggestedUsersSkeletonTypes {
  readonly 'app.bsky.unspecced.getOnboardingSuggestedUsersSkeleton': {
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
