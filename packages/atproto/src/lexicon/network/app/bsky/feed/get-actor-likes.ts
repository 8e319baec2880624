// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getActorLikes`. */
export interface AppBskyFeedGetActorLikesTypes {
  readonly 'app.bsky.feed.getActorLikes': {
    readonly parameters: {
      readonly actor: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly feed: readonly LexiconTypes['app.bsky.feed.defs#feedViewPost'][]
    }
  }
}
