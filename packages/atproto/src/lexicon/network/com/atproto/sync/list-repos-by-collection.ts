// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.sync.listReposByCollection`. */
export interface ComAtprotoSyncListReposByCollectionTypes {
  readonly 'com.atproto.sync.listReposByCollection': {
    readonly parameters: {
      readonly collection: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly repos: readonly LexiconTypes['com.atproto.sync.listReposByCollection#repo'][]
    }
  }
  readonly 'com.atproto.sync.listReposByCollection#repo': {
    readonly $type?: 'com.atproto.sync.listReposByCollection#repo' | undefined
    readonly did: string
  }
}
