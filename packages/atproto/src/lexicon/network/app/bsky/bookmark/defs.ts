// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.bookmark.defs`. */
export interface AppBskyBookmarkDefsTypes {
  readonly 'app.bsky.bookmark.defs#bookmark': {
    readonly $type?: 'app.bsky.bookmark.defs#bookmark' | undefined
    readonly subject: LexiconTypes['com.atproto.repo.strongRef']
  }
  readonly 'app.bsky.bookmark.defs#bookmarkView': {
    readonly $type?: 'app.bsky.bookmark.defs#bookmarkView' | undefined
    readonly subject: LexiconTypes['com.atproto.repo.strongRef']
    readonly createdAt?: string | undefined
    readonly item:
      | (LexiconTypes['app.bsky.feed.defs#blockedPost'] & { readonly $type: 'app.bsky.feed.defs#blockedPost' })
      | (LexiconTypes['app.bsky.feed.defs#notFoundPost'] & { readonly $type: 'app.bsky.feed.defs#notFoundPost' })
      | (LexiconTypes['app.bsky.feed.defs#postView'] & { readonly $type: 'app.bsky.feed.defs#postView' })
  }
}
