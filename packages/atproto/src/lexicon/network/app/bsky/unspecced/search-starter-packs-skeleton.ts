// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.searchStarterPacksSkeleton`. */
export interface AppBskyUnspeccedSearchStarterPacksSkeletonTypes {
  readonly 'app.bsky.unspecced.searchStarterPacksSkeleton': {
    readonly parameters: {
      readonly q: string
      readonly viewer?: string | undefined
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly hitsTotal?: number | undefined
      readonly starterPacks: readonly LexiconTypes['app.bsky.unspecced.defs#skeletonSearchStarterPack'][]
    }
  }
}
