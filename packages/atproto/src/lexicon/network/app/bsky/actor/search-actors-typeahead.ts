// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.actor.searchActorsTypeahead`. */
export interface AppBskyActorSearchActorsTypeaheadTypes {
  readonly 'app.bsky.actor.searchActorsTypeahead': {
    readonly parameters: {
      readonly term?: string | undefined
      readonly q?: string | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly actors: readonly LexiconTypes['app.bsky.actor.defs#profileViewBasic'][]
    }
  }
}
