// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.getServiceAuth`. */
export interface ComAtprotoServerGetServiceAuthTypes {
  readonly 'com.atproto.server.getServiceAuth': {
    readonly parameters: {
      readonly aud: string
      readonly exp?: number | undefined
      readonly lxm?: string | undefined
    }
    readonly output: {
      readonly token: string
    }
  }
}
