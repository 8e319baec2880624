// Written by scripts/generate-network.ts.

/** The types of `com.atproto.sync.getRepo`. */
export interface ComAtprotoSyncGetRepoTypes {
  readonly 'com.atproto.sync.getRepo': {
    readonly parameters: {
      readonly did: string
      readonly since?: string | undefined
    }
    readonly output: Uint8Array
  }
}
