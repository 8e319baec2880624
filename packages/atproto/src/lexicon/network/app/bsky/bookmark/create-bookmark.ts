// Written by scripts/generate-network.ts.

/** The types of `app.bsky.bookmark.createBookmark`. */
export interface AppBskyBookmarkCreateBookmarkTypes {
  readonly 'app.bsky.bookmark.createBookmark': {
    readonly input: {
      readonly uri: string
      readonly cid: string
    }
  }
}
