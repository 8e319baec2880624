// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getPosts`. */
export interface AppBskyFeedGetPostsTypes {
  readonly 'app.bsky.feed.getPosts': {
    readonly parameters: {
      readonly uris: readonly string[]
    }
    readonly output: {
      readonly posts: readonly LexiconTypes['app.bsky.feed.defs#postView'][]
    }
  }
}
