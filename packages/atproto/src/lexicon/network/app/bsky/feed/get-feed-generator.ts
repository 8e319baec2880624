// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getFeedGenerator`. */
export interface AppBskyFeedGetFeedGeneratorTypes {
  readonly 'app.bsky.feed.getFeedGenerator': {
    readonly parameters: {
      readonly feed: string
    }
    readonly output: {
      readonly view: LexiconTypes['app.bsky.feed.defs#generatorView']
      readonly isOnline: boolean
      readonly isValid: boolean
    }
  }
}
