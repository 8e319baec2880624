// Written by scripts/generate-network.ts.

/** The types of `com.atproto.admin.updateAccountHandle`. */
export interface ComAtprotoAdminUpdateAccountHandleTypes {
  readonly 'com.atproto.admin.updateAccountHandle': {
    readonly input: {
      readonly did: string
      readonly handle: string
    }
  }
}
