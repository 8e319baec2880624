// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.reserveSigningKey`. */
export interface ComAtprotoServerReserveSigningKeyTypes {
  readonly 'com.atproto.server.reserveSigningKey': {
    readonly input: {
      readonly did?: string | undefined
    }
    readonly output: {
      readonly signingKey: string
    }
  }
}
