// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.deleteAccount`. */
export interface ComAtprotoServerDeleteAccountTypes {
  readonly 'com.atproto.server.deleteAccount': {
    readonly input: {
      readonly did: string
      readonly password: string
      readonly token: string
    }
  }
}
