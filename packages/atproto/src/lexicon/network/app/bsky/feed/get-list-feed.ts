// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getListFeed`. */
export interface AppBskyFeedGetListFeedTypes {
  readonly 'app.bsky.feed.getListFeed': {
    readonly parameters: {
      readonly list: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly feed: readonly LexiconTypes['app.bsky.feed.defs#feedViewPost'][]
    }
  }
}
