// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getQuotes`. */
export interface AppBskyFeedGetQuotesTypes {
  readonly 'app.bsky.feed.getQuotes': {
    readonly parameters: {
      readonly uri: string
      readonly cid?: string | undefined
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly uri: string
      readonly cid?: string | undefined
      readonly cursor?: string | undefined
      readonly posts: readonly LexiconTypes['app.bsky.feed.defs#postView'][]
    }
  }
}
