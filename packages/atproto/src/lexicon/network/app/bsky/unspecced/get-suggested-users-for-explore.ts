// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getSuggestedUsersForExplore`. */
export interface AppBskyUnspeccedGetSuggestedUsersForExploreTypes {
  readonly 'app.bsky.unspecced.getSuggestedUsersForExplore': {
    readonly parameters: {
      readonly category?: string | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly actors: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
      readonly recIdStr?: string | undefined
    }
  }
}
