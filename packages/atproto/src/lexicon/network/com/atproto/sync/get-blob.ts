// Written by scripts/generate-network.ts.

/** The types of `com.atproto.sync.getBlob`. */
export interface ComAtprotoSyncGetBlobTypes {
  readonly 'com.atproto.sync.getBlob': {
    readonly parameters: {
      readonly did: string
      readonly cid: string
    }
    readonly output: Uint8Array
  }
}
