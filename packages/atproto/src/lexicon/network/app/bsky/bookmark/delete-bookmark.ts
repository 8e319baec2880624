// Written by scripts/generate-network.ts.

/** The types of `app.bsky.bookmark.deleteBookmark`. */
export interface AppBskyBookmarkDeleteBookmarkTypes {
  readonly 'app.bsky.bookmark.deleteBookmark': {
    readonly input: {
      readonly uri: string
    }
  }
}
