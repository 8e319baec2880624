// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getTimeline`. */
export interface AppBskyFeedGetTimelineTypes {
  readonly 'app.bsky.feed.getTimeline': {
    readonly parameters: {
      readonly algorithm?: string | undefined
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly feed: readonly LexiconTypes['app.bsky.feed.defs#feedViewPost'][]
    }
  }
}
