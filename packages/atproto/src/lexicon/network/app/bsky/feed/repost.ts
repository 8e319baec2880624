// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.repost`. */
export interface AppBskyFeedRepostTypes {
  readonly 'app.bsky.feed.repost': {
    readonly $type: 'app.bsky.feed.repost'
    readonly subject: LexiconTypes['com.atproto.repo.strongRef']
    readonly createdAt: string
    readonly via?: LexiconTypes['com.atproto.repo.strongRef'] | undefined
  }
}
