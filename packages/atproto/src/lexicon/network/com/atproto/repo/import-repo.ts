// Written by scripts/generate-network.ts.

/** The types of `com.atproto.repo.importRepo`. */
export interface ComAtprotoRepoImportRepoTypes {
  readonly 'com.atproto.repo.importRepo': {
    readonly input: Uint8Array
  }
}
