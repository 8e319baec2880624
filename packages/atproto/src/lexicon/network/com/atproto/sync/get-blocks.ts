// Written by scripts/generate-network.ts.

/** The types of `com.atproto.sync.getBlocks`. */
export interface ComAtprotoSyncGetBlocksTypes {
  readonly 'com.atproto.sync.getBlocks': {
    readonly parameters: {
      readonly did: string
      readonly cids: readonly string[]
    }
    readonly output: Uint8Array
  }
}
