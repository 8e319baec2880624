// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getFollows`. */
export interface AppBskyGraphGetFollowsTypes {
  readonly 'app.bsky.graph.getFollows': {
    readonly parameters: {
      readonly actor: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
      readonly sort?: 'latest' | 'top' | (string & {}) | undefined
    }
    readonly output: {
      readonly subject: LexiconTypes['app.bsky.actor.defs#profileView']
      readonly cursor?: string | undefined
      readonly follows: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
    }
  }
}
