// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.sync.listRepos`. */
export interface ComAtprotoSyncListReposTypes {
  readonly 'com.atproto.sync.listRepos': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly repos: readonly LexiconTypes['com.atproto.sync.listRepos#repo'][]
    }
  }
  readonly 'com.atproto.sync.listRepos#repo': {
    readonly $type?: 'com.atproto.sync.listRepos#repo' | undefined
    readonly did: string
    readonly head: string
    readonly rev: string
    readonly active?: boolean | undefined
    readonly status?:
      | 'takendown'
      | 'suspended'
      | 'deleted'
      | 'deactivated'
      | 'desynchronized'
      | 'throttled'
      | (string & {})
      | undefined
  }
}
