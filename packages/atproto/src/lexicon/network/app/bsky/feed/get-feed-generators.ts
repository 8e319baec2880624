// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getFeedGenerators`. */
export interface AppBskyFeedGetFeedGeneratorsTypes {
  readonly 'app.bsky.feed.getFeedGenerators': {
    readonly parameters: {
      readonly feeds: readonly string[]
    }
    readonly output: {
      readonly feeds: readonly LexiconTypes['app.bsky.feed.defs#generatorView'][]
    }
  }
}
