// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getSuggestedOnboardingUsers`. */
export interface AppBskyUnspeccedGetSuggestedOnboardingUsersTypes {
  readonly 'app.bsky.unspecced.getSuggestedOnboardingUsers': {
    readonly parameters: {
      readonly category?: string | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly actors: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
      readonly recId?: string | undefined
      readonly recIdStr?: string | undefined
    }
  }
}
