// Written by scripts/generate-network.ts.

/** The types of `com.atproto.temp.revokeAccountCredentials`. */
export interface ComAtprotoTempRevokeAccountCredentialsTypes {
  readonly 'com.atproto.temp.revokeAccountCredentials': {
    readonly input: {
      readonly account: string
    }
  }
}
