// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.repo.listRecords`. */
export interface ComAtprotoRepoListRecordsTypes {
  readonly 'com.atproto.repo.listRecords': {
    readonly parameters: {
      readonly repo: string
      readonly collection: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
      readonly reverse?: boolean | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly records: readonly LexiconTypes['com.atproto.repo.listRecords#record'][]
    }
  }
  readonly 'com.atproto.repo.listRecords#record': {
    readonly $type?: 'com.atproto.repo.listRecords#record' | undefined
    readonly uri: string
    readonly cid: string
    readonly value: DataObject
  }
}
