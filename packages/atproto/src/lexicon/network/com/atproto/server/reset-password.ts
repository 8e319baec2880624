// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.resetPassword`. */
export interface ComAtprotoServerResetPasswordTypes {
  readonly 'com.atproto.server.resetPassword': {
    readonly input: {
      readonly token: string
      readonly password: string
    }
  }
}
