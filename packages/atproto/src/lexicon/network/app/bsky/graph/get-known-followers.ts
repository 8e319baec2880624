// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getKnownFollowers`. */
export interface AppBskyGraphGetKnownFollowersTypes {
  readonly 'app.bsky.graph.getKnownFollowers': {
    readonly parameters: {
      readonly actor: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly subject: LexiconTypes['app.bsky.actor.defs#profileView']
      readonly cursor?: string | undefined
      readonly followers: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
    }
  }
}
