// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.checkAccountStatus`. */
export interface ComAtprotoServerCheckAccountStatusTypes {
  readonly 'com.atproto.server.checkAccountStatus': {
    readonly output: {
      readonly activated: boolean
      readonly validDid: boolean
      readonly repoCommit: string
      readonly repoRev: string
      readonly repoBlocks: number
      readonly indexedRecords: number
      readonly privateStateValues: number
      readonly expectedBlobs: number
      readonly importedBlobs: number
    }
  }
}
