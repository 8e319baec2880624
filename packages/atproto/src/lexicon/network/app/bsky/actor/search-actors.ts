// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.actor.searchActors`. */
export interface AppBskyActorSearchActorsTypes {
  readonly 'app.bsky.actor.searchActors': {
    readonly parameters: {
      readonly term?: string | undefined
      readonly q?: string | undefined
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly actors: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
    }
  }
}
