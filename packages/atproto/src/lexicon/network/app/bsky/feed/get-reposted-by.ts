// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.getRepostedBy`. */
export interface AppBskyFeedGetRepostedByTypes {
  readonly 'app.bsky.feed.getRepostedBy': {
    readonly parameters: {
      readonly uri: string
      readonly cid?: string | undefined
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly uri: string
      readonly cid?: string | undefined
      readonly cursor?: string | undefined
      readonly repostedBy: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
    }
  }
}
