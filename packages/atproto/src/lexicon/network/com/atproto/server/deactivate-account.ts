// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.deactivateAccount`. */
export interface ComAtprotoServerDeactivateAccountTypes {
  readonly 'com.atproto.server.deactivateAccount': {
    readonly input: {
      readonly deleteAfter?: string | undefined
    }
  }
}
