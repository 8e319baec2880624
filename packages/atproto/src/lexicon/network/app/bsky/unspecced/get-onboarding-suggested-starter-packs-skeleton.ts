// Written by scripts/generate-network.ts.

/** The types of `app.bsky.unspecced.getOnboardingSuggestedStarterPacksSkeleton`. */
export interface AppBskyUnspeccedGetOnboardingSuggestedStarterPacksSkeletonTypes {
  readonly 'app.bsky.unspecced.getOnboardingSuggestedStarterPacksSkeleton': {
    readonly parameters: {
      readonly viewer?: string | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly starterPacks: readonly string[]
    }
  }
}
