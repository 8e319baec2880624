// Written by scripts/generate-network.ts.

/** The types of `com.atproto.admin.updateAccountPassword`. */
export interface ComAtprotoAdminUpdateAccountPasswordTypes {
  readonly 'com.atproto.admin.updateAccountPassword': {
    readonly input: {
      readonly did: string
      readonly password: string
    }
  }
}
