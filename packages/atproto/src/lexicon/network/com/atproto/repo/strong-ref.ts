// Written by scripts/generate-network.ts.

/** The types of `com.atproto.repo.strongRef`. */
export interface ComAtprotoRepoStrongRefTypes {
  readonly 'com.atproto.repo.strongRef': {
    readonly $type?: 'com.atproto.repo.strongRef' | undefined
    readonly uri: string
    readonly cid: string
  }
}
