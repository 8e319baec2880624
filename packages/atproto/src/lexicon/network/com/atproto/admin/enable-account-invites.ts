// Written by scripts/generate-network.ts.

/** The types of `com.atproto.admin.enableAccountInvites`. */
export interface ComAtprotoAdminEnableAccountInvitesTypes {
  readonly 'com.atproto.admin.enableAccountInvites': {
    readonly input: {
      readonly account: string
      readonly note?: string | undefined
    }
  }
}
