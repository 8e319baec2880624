// Written by scripts/generate-network.ts.

/** The types of `app.bsky.unspecced.getSuggestedStarterPacksSkeleton`. */
export interface AppBskyUnspeccedGetSuggestedStarterPacksSkeletonTypes {
  readonly 'app.bsky.unspecced.getSuggestedStarterPacksSkeleton': {
    readonly parameters: {
      readonly viewer?: string | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly starterPacks: readonly string[]
    }
  }
}
