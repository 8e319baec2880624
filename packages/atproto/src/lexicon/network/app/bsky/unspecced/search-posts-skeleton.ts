// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.searchPostsSkeleton`. */
export interface AppBskyUnspeccedSearchPostsSkeletonTypes {
  readonly 'app.bsky.unspecced.searchPostsSkeleton': {
    readonly parameters: {
      readonly q: string
      readonly sort?: 'top' | 'latest' | (string & {}) | undefined
      readonly since?: string | undefined
      readonly until?: string | undefined
      readonly mentions?: string | undefined
      readonly author?: string | undefined
      readonly lang?: string | undefined
      readonly domain?: string | undefined
      readonly url?: string | undefined
      readonly tag?: readonly string[] | undefined
      readonly viewer?: string | undefined
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly hitsTotal?: number | undefined
      readonly posts: readonly LexiconTypes['app.bsky.unspecced.defs#skeletonSearchPost'][]
    }
  }
}
