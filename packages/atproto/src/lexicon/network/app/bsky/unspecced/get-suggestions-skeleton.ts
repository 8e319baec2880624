// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getSuggestionsSkeleton`. */
export interface AppBskyUnspeccedGetSuggestionsSkeletonTypes {
  readonly 'app.bsky.unspecced.getSuggestionsSkeleton': {
    readonly parameters: {
      readonly viewer?: string | undefined
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
      readonly relativeToDid?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly actors: readonly LexiconTypes['app.bsky.unspecced.defs#skeletonSearchActor'][]
      readonly relativeToDid?: string | undefined
      readonly recId?: number | undefined
      readonly recIdStr?: string | undefined
    }
  }
}
