// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getActorFeeds`. */
export interface AppBskyFeedGetActorFeedsTypes {
  readonly 'app.bsky.feed.getActorFeeds': {
    readonly parameters: {
      readonly actor: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly feeds: readonly LexiconTypes['app.bsky.feed.defs#generatorView'][]
    }
  }
}
