// Written by scripts/generate-network.ts.

/** The types of `com.atproto.repo.defs`. */
export interface ComAtprotoRepoDefsTypes {
  readonly 'com.atproto.repo.defs#commitMeta': {
    readonly $type?: 'com.atproto.repo.defs#commitMeta' | undefined
    readonly cid: string
    readonly rev: string
  }
}
