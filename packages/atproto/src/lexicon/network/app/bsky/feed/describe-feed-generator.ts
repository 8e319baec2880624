// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.describeFeedGenerator`. */
export interface AppBskyFeedDescribeFeedGeneratorTypes {
  readonly 'app.bsky.feed.describeFeedGenerator': {
    readonly output: {
      readonly did: string
      readonly feeds: readonly LexiconTypes['app.bsky.feed.describeFeedGenerator#feed'][]
      readonly links?: LexiconTypes['app.bsky.feed.describeFeedGenerator#links'] | undefined
    }
  }
  readonly 'app.bsky.feed.describeFeedGenerator#feed': {
    readonly $type?: 'app.bsky.feed.describeFeedGenerator#feed' | undefined
    readonly uri: string
  }
  readonly 'app.bsky.feed.describeFeedGenerator#links': {
    readonly $type?: 'app.bsky.feed.describeFeedGenerator#links' | undefined
    readonly privacyPolicy?: string | undefined
    readonly termsOfService?: string | undefined
  }
}
