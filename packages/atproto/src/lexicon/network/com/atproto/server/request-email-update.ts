// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.requestEmailUpdate`. */
export interface ComAtprotoServerRequestEmailUpdateTypes {
  readonly 'com.atproto.server.requestEmailUpdate': {
    readonly output: {
      readonly tokenRequired: boolean
    }
  }
}
