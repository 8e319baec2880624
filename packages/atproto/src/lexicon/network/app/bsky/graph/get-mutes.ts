// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getMutes`. */
export interface AppBskyGraphGetMutesTypes {
  readonly 'app.bsky.graph.getMutes': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly mutes: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
    }
  }
}
