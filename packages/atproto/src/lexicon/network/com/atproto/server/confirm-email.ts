// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.confirmEmail`. */
export interface ComAtprotoServerConfirmEmailTypes {
  readonly 'com.atproto.server.confirmEmail': {
    readonly input: {
      readonly email: string
      readonly token: string
    }
  }
}
