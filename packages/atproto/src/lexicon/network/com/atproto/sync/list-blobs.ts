// Written by scripts/generate-network.ts.

/** The types of `com.atproto.sync.listBlobs`. */
export interface ComAtprotoSyncListBlobsTypes {
  readonly 'com.atproto.sync.listBlobs': {
    readonly parameters: {
      readonly did: string
      readonly since?: string | undefined
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly cids: readonly string[]
    }
  }
}
