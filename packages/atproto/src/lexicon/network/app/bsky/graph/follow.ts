// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.follow`. */
export interface AppBskyGraphFollowTypes {
  readonly 'app.bsky.graph.follow': {
    readonly $type: 'app.bsky.graph.follow'
    readonly subject: string
    readonly createdAt: string
    readonly via?: LexiconTypes['com.atproto.repo.strongRef'] | undefined
  }
}
