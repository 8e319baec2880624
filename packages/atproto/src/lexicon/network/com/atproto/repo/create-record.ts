// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.repo.createRecord`. */
export interface ComAtprotoRepoCreateRecordTypes {
  readonly 'com.atproto.repo.createRecord': {
    readonly input: {
      readonly repo: string
      readonly collection: string
      readonly rkey?: string | undefined
      readonly validate?: boolean | undefined
      readonly record: DataObject
      readonly swapCommit?: string | undefined
    }
    readonly output: {
      readonly uri: string
      readonly cid: string
      readonly commit?: LexiconTypes['com.atproto.repo.defs#commitMeta'] | undefined
      readonly validationStatus?: 'valid' | 'unknown' | (string & {}) | undefined
    }
  }
}
