// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.searchActorsSkeleton`. */
export interface AppBskyUnspeccedSearchActorsSkeletonTypes {
  readonly 'app.bsky.unspecced.searchActorsSkeleton': {
    readonly parameters: {
      readonly q: string
      readonly viewer?: string | undefined
      readonly typeahead?: boolean | undefined
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly hitsTotal?: number | undefined
      readonly actors: readonly LexiconTypes['app.bsky.unspecced.defs#skeletonSearchActor'][]
    }
  }
}
