// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.threadgate`. */
export interface AppBskyFeedThreadgateTypes {
  readonly 'app.bsky.feed.threadgate': {
    readonly $type: 'app.bsky.feed.threadgate'
    readonly post: string
    readonly allow?:
      | readonly (
          | (LexiconTypes['app.bsky.feed.threadgate#mentionRule'] & {
              readonly $type: 'app.bsky.feed.threadgate#mentionRule'
            })
          | (LexiconTypes['app.bsky.feed.threadgate#followerRule'] & {
              readonly $type: 'app.bsky.feed.threadgate#followerRule'
            })
          | (LexiconTypes['app.bsky.feed.threadgate#followingRule'] & {
              readonly $type: 'app.bsky.feed.threadgate#followingRule'
            })
          | (LexiconTypes['app.bsky.feed.threadgate#listRule'] & {
              readonly $type: 'app.bsky.feed.threadgate#listRule'
            })
        )[]
      | undefined
    readonly createdAt: string
    readonly hiddenReplies?: readonly string[] | undefined
  }
  readonly 'app.bsky.feed.threadgate#mentionRule': {
    readonly $type?: 'app.bsky.feed.threadgate#mentionRule' | undefined
  }
  readonly 'app.bsky.feed.threadgate#followerRule': {
    readonly $type?: 'app.bsky.feed.threadgate#followerRule' | undefined
  }
  readonly 'app.bsky.feed.threadgate#followingRule': {
    readonly $type?: 'app.bsky.feed.threadgate#followingRule' | undefined
  }
  readonly 'app.bsky.feed.threadgate#listRule': {
    readonly $type?: 'app.bsky.feed.threadgate#listRule' | undefined
    readonly list: string
  }
}
