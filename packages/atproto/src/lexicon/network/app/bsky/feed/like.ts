// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.like`. */
export interface AppBskyFeedLikeTypes {
  readonly 'app.bsky.feed.like': {
    readonly $type: 'app.bsky.feed.like'
    readonly subject: LexiconTypes['com.atproto.repo.strongRef']
    readonly createdAt: string
    readonly via?: LexiconTypes['com.atproto.repo.strongRef'] | undefined
  }
}
