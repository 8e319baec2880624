// Written by scripts/generate-network.ts.

/** The types of `com.atproto.sync.getRepoStatus`. */
export interface ComAtprotoSyncGetRepoStatusTypes {
  readonly 'com.atproto.sync.getRepoStatus': {
    readonly parameters: {
      readonly did: string
    }
    readonly output: {
      readonly did: string
      readonly active: boolean
      readonly status?:
        | 'takendown'
        | 'suspended'
        | 'deleted'
        | 'deactivated'
        | 'desynchronized'
        | 'throttled'
        | (string & {})
        | undefined
      readonly rev?: string | undefined
    }
  }
}
