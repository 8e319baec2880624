// Written by scripts/generate-network.ts.

/** The types of `com.atproto.admin.updateAccountSigningKey`. */
export interface ComAtprotoAdminUpdateAccountSigningKeyTypes {
  readonly 'com.atproto.admin.updateAccountSigningKey': {
    readonly input: {
      readonly did: string
      readonly signingKey: string
    }
  }
}
