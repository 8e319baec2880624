// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getPopularFeedGenerators`. */
export interface AppBskyUnspeccedGetPopularFeedGeneratorsTypes {
  readonly 'app.bsky.unspecced.getPopularFeedGenerators': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
      readonly query?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly feeds: readonly LexiconTypes['app.bsky.feed.defs#generatorView'][]
    }
  }
}
