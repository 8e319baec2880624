// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.revokeAppPassword`. */
export interface ComAtprotoServerRevokeAppPasswordTypes {
  readonly 'com.atproto.server.revokeAppPassword': {
    readonly input: {
      readonly name: string
    }
  }
}
