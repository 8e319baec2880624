// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getPostThreadOtherV2`. */
export interface AppBskyUnspeccedGetPostThreadOtherV2Types {
  readonly 'app.bsky.unspecced.getPostThreadOtherV2': {
    readonly parameters: {
      readonly anchor: string
    }
    readonly output: {
      readonly thread: readonly LexiconTypes['app.bsky.unspecced.getPostThreadOtherV2#threadItem'][]
    }
  }
  readonly 'app.bsky.unspecced.getPostThreadOtherV2#threadItem': {
    readonly $type?: 'app.bsky.unspecced.getPostThreadOtherV2#threadItem' | undefined
    readonly uri: string
    readonly depth: number
    readonly value: LexiconTypes['app.bsky.unspecced.defs#threadItemPost'] & {
      readonly $type: 'app.bsky.unspecced.defs#threadItemPost'
    }
  }
}
