// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getAuthorFeed`. */
export interface AppBskyFeedGetAuthorFeedTypes {
  readonly 'app.bsky.feed.getAuthorFeed': {
    readonly parameters: {
      readonly actor: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
      readonly filter?:
        | 'posts_with_replies'
        | 'posts_no_replies'
        | 'posts_with_media'
        | 'posts_and_author_threads'
        | 'posts_with_video'
        | (string & {})
        | undefined
      readonly includePins?: boolean | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly feed: readonly LexiconTypes['app.bsky.feed.defs#feedViewPost'][]
    }
  }
}
