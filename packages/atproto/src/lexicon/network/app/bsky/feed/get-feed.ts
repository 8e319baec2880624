// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getFeed`. */
export interface AppBskyFeedGetFeedTypes {
  readonly 'app.bsky.feed.getFeed': {
    readonly parameters: {
      readonly feed: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly feed: readonly LexiconTypes['app.bsky.feed.defs#feedViewPost'][]
    }
  }
}
