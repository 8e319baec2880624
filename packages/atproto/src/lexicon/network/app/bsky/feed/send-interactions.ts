// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.sendInteractions`. */
export interface AppBskyFeedSendInteractionsTypes {
  readonly 'app.bsky.feed.sendInteractions': {
    readonly input: {
      readonly feed?: string | undefined
      readonly interactions: readonly LexiconTypes['app.bsky.feed.defs#interaction'][]
    }
    readonly output: object
  }
}
