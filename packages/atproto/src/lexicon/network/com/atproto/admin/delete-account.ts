// Written by scripts/generate-network.ts.

/** The types of `com.atproto.admin.deleteAccount`. */
export interface ComAtprotoAdminDeleteAccountTypes {
  readonly 'com.atproto.admin.deleteAccount': {
    readonly input: {
      readonly did: string
    }
  }
}
