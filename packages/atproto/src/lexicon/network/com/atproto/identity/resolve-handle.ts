// Written by scripts/generate-network.ts.

/** The types of `com.atproto.identity.resolveHandle`. */
export interface ComAtprotoIdentityResolveHandleTypes {
  readonly 'com.atproto.identity.resolveHandle': {
    readonly parameters: {
      readonly handle: string
    }
    readonly output: {
      readonly did: string
    }
  }
}
