// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.requestPasswordReset`. */
export interface ComAtprotoServerRequestPasswordResetTypes {
  readonly 'com.atproto.server.requestPasswordReset': {
    readonly input: {
      readonly email: string
    }
  }
}
