// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getPostThread`. */
export interface AppBskyFeedGetPostThreadTypes {
  readonly 'app.bsky.feed.getPostThread': {
    readonly parameters: {
      readonly uri: string
      readonly depth?: number | undefined
      readonly parentHeight?: number | undefined
    }
    readonly output: {
      readonly thread:
        | (LexiconTypes['app.bsky.feed.defs#threadViewPost'] & { readonly $type: 'app.bsky.feed.defs#threadViewPost' })
        | (LexiconTypes['app.bsky.feed.defs#notFoundPost'] & { readonly $type: 'app.bsky.feed.defs#notFoundPost' })
        | (LexiconTypes['app.bsky.feed.defs#blockedPost'] & { readonly $type: 'app.bsky.feed.defs#blockedPost' })
      readonly threadgate?: LexiconTypes['app.bsky.feed.defs#threadgateView'] | undefined
    }
  }
}
