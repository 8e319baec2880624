// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.requestAccountDelete`. */
export interface ComAtprotoServerRequestAccountDeleteTypes {
  readonly 'com.atproto.server.requestAccountDelete': {}
}
