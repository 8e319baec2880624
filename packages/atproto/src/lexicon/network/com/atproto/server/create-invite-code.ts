// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.createInviteCode`. */
export interface ComAtprotoServerCreateInviteCodeTypes {
  readonly 'com.atproto.server.createInviteCode': {
    readonly input: {
      readonly useCount: number
      readonly forAccount?: string | undefined
    }
    readonly output: {
      readonly code: string
    }
  }
}
