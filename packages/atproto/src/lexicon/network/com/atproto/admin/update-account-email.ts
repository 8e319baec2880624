// Written by scripts/generate-network.ts.

/** The types of `com.atproto.admin.updateAccountEmail`. */
export interface ComAtprotoAdminUpdateAccountEmailTypes {
  readonly 'com.atproto.admin.updateAccountEmail': {
    readonly input: {
      readonly account: string
      readonly email: string
    }
  }
}
