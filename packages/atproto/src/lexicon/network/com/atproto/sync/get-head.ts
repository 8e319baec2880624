// Written by scripts/generate-network.ts.

/** The types of `com.atproto.sync.getHead`. */
export interface ComAtprotoSyncGetHeadTypes {
  readonly 'com.atproto.sync.getHead': {
    readonly parameters: {
      readonly did: string
    }
    readonly output: {
      readonly root: string
    }
  }
}
