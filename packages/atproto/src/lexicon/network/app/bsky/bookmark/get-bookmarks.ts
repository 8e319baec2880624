// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.bookmark.getBookmarks`. */
export interface AppBskyBookmarkGetBookmarksTypes {
  readonly 'app.bsky.bookmark.getBookmarks': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly bookmarks: readonly LexiconTypes['app.bsky.bookmark.defs#bookmarkView'][]
    }
  }
}
