// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.repo.deleteRecord`. */
export interface ComAtprotoRepoDeleteRecordTypes {
  readonly 'com.atproto.repo.deleteRecord': {
    readonly input: {
      readonly repo: string
      readonly collection: string
      readonly rkey: string
      readonly swapRecord?: string | undefined
      readonly swapCommit?: string | undefined
    }
    readonly output: {
      readonly commit?: LexiconTypes['com.atproto.repo.defs#commitMeta'] | undefined
    }
  }
}
