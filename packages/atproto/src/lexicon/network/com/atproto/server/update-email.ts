// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.updateEmail`. */
export interface ComAtprotoServerUpdateEmailTypes {
  readonly 'com.atproto.server.updateEmail': {
    readonly input: {
      readonly email: string
      readonly emailAuthFactor?: boolean | undefined
      readonly token?: string | undefined
    }
  }
}
