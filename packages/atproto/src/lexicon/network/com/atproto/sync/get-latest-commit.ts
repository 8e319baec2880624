// Written by scripts/generate-network.ts.

/** The types of `com.atproto.sync.getLatestCommit`. */
export interface ComAtprotoSyncGetLatestCommitTypes {
  readonly 'com.atproto.sync.getLatestCommit': {
    readonly parameters: {
      readonly did: string
    }
    readonly output: {
      readonly cid: string
      readonly rev: string
    }
  }
}
