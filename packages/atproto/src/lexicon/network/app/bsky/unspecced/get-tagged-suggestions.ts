// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getTaggedSuggestions`. */
export interface AppBskyUnspeccedGetTaggedSuggestionsTypes {
  readonly 'app.bsky.unspecced.getTaggedSuggestions': {
    readonly parameters: object
    readonly output: {
      readonly suggestions: readonly LexiconTypes['app.bsky.unspecced.getTaggedSuggestions#suggestion'][]
    }
  }
  readonly 'app.bsky.unspecced.getTaggedSuggestions#suggestion': {
    readonly $type?: 'app.bsky.unspecced.getTaggedSuggestions#suggestion' | undefined
    readonly tag: string
    readonly subjectType: 'actor' | 'feed' | (string & {})
    readonly subject: string
  }
}
