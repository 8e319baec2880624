// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getFollowers`. */
export interface AppBskyGraphGetFollowersTypes {
  readonly 'app.bsky.graph.getFollowers': {
    readonly parameters: {
      readonly actor: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
      readonly sort?: 'latest' | 'top' | (string & {}) | undefined
    }
    readonly output: {
      readonly subject: LexiconTypes['app.bsky.actor.defs#profileView']
      readonly cursor?: string | undefined
      readonly followers: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
    }
  }
}
