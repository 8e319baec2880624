// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'

/** The types of `com.atproto.repo.getRecord`. */
export interface ComAtprotoRepoGetRecordTypes {
  readonly 'com.atproto.repo.getRecord': {
    readonly parameters: {
      readonly repo: string
      readonly collection: string
      readonly rkey: string
      readonly cid?: string | undefined
    }
    readonly output: {
      readonly uri: string
      readonly cid?: string | undefined
      readonly value: DataObject
    }
  }
}
