// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.postgate`. */
export interface AppBskyFeedPostgateTypes {
  readonly 'app.bsky.feed.postgate': {
    readonly $type: 'app.bsky.feed.postgate'
    readonly createdAt: string
    readonly post: string
    readonly detachedEmbeddingUris?: readonly string[] | undefined
    readonly embeddingRules?:
      | readonly (LexiconTypes['app.bsky.feed.postgate#disableRule'] & {
          readonly $type: 'app.bsky.feed.postgate#disableRule'
        })[]
      | undefined
  }
  readonly 'app.bsky.feed.postgate#disableRule': {
    readonly $type?: 'app.bsky.feed.postgate#disableRule' | undefined
  }
}
