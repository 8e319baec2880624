// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getPostThreadV2`. */
export interface AppBskyUnspeccedGetPostThreadV2Types {
  readonly 'app.bsky.unspecced.getPostThreadV2': {
    readonly parameters: {
      readonly anchor: string
      readonly above?: boolean | undefined
      readonly below?: number | undefined
      readonly branchingFactor?: number | undefined
      readonly sort?: 'newest' | 'oldest' | 'top' | (string & {}) | undefined
    }
    readonly output: {
      readonly thread: readonly LexiconTypes['app.bsky.unspecced.getPostThreadV2#threadItem'][]
      readonly threadgate?: LexiconTypes['app.bsky.feed.defs#threadgateView'] | undefined
      readonly hasOtherReplies: boolean
    }
  }
  readonly 'app.bsky.unspecced.getPostThreadV2#threadItem': {
    readonly $type?: 'app.bsky.unspecced.getPostThreadV2#threadItem' | undefined
    readonly uri: string
    readonly depth: number
    readonly value:
      | (LexiconTypes['app.bsky.unspecced.defs#threadItemPost'] & {
          readonly $type: 'app.bsky.unspecced.defs#threadItemPost'
        })
      | (LexiconTypes['app.bsky.unspecced.defs#threadItemNoUnauthenticated'] & {
          readonly $type: 'app.bsky.unspecced.defs#threadItemNoUnauthenticated'
        })
      | (LexiconTypes['app.bsky.unspecced.defs#threadItemNotFound'] & {
          readonly $type: 'app.bsky.unspecced.defs#threadItemNotFound'
        })
      | (LexiconTypes['app.bsky.unspecced.defs#threadItemBlocked'] & {
          readonly $type: 'app.bsky.unspecced.defs#threadItemBlocked'
        })
  }
}
