// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.actor.getSuggestions`. */
export interface AppBskyActorGetSuggestionsTypes {
  readonly 'app.bsky.actor.getSuggestions': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly actors: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
      readonly recId?: number | undefined
      readonly recIdStr?: string | undefined
    }
  }
}
