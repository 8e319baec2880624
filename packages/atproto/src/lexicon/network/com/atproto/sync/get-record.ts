// Written by scripts/generate-network.ts.

/** The types of `com.atproto.sync.getRecord`. */
export interface ComAtprotoSyncGetRecordTypes {
  readonly 'com.atproto.sync.getRecord': {
    readonly parameters: {
      readonly did: string
      readonly collection: string
      readonly rkey: string
    }
    readonly output: Uint8Array
  }
}
