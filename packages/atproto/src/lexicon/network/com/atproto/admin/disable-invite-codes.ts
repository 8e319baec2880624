// Written by scripts/generate-network.ts.

/** The types of `com.atproto.admin.disableInviteCodes`. */
export interface ComAtprotoAdminDisableInviteCodesTypes {
  readonly 'com.atproto.admin.disableInviteCodes': {
    readonly input: {
      readonly codes?: readonly string[] | undefined
      readonly accounts?: readonly string[] | undefined
    }
  }
}
