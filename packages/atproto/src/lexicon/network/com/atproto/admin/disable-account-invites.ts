// Written by scripts/generate-network.ts.

/** The types of `com.atproto.admin.disableAccountInvites`. */
export interface ComAtprotoAdminDisableAccountInvitesTypes {
  readonly 'com.atproto.admin.disableAccountInvites': {
    readonly input: {
      readonly account: string
      readonly note?: string | undefined
    }
  }
}
