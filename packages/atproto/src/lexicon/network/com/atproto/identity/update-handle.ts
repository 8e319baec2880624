// Written by scripts/generate-network.ts.

/** The types of `com.atproto.identity.updateHandle`. */
export interface ComAtprotoIdentityUpdateHandleTypes {
  readonly 'com.atproto.identity.updateHandle': {
    readonly input: {
      readonly handle: string
    }
  }
}
