// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'

/** The types of `com.atproto.repo.describeRepo`. */
export interface ComAtprotoRepoDescribeRepoTypes {
  readonly 'com.atproto.repo.describeRepo': {
    readonly parameters: {
      readonly repo: string
    }
    readonly output: {
      readonly handle: string
      readonly did: string
      readonly didDoc: DataObject
      readonly collections: readonly string[]
      readonly handleIsCorrect: boolean
    }
  }
}
