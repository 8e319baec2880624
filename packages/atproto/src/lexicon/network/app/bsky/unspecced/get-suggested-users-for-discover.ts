// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getSuggestedUsersForDiscover`. */
export interface AppBskyUnspeccedGetSuggestedUsersForDiscoverTypes {
  readonly 'app.bsky.unspecced.getSuggestedUsersForDiscover': {
    readonly parameters: {
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly actors: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
      readonly recIdStr?: string | undefined
    }
  }
}
