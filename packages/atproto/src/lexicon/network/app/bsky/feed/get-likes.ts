// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getLikes`. */
export interface AppBskyFeedGetLikesTypes {
  readonly 'app.bsky.feed.getLikes': {
    readonly parameters: {
      readonly uri: string
      readonly cid?: string | undefined
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly uri: string
      readonly cid?: string | undefined
      readonly cursor?: string | undefined
      readonly likes: readonly LexiconTypes['app.bsky.feed.getLikes#like'][]
    }
  }
  readonly 'app.bsky.feed.getLikes#like': {
    readonly $type?: 'app.bsky.feed.getLikes#like' | undefined
    readonly indexedAt: string
    readonly createdAt: string
    readonly actor: LexiconTypes['app.bsky.actor.defs#profileView']
  }
}
