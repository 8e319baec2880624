// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.deleteSession`. */
export interface ComAtprotoServerDeleteSessionTypes {
  readonly 'com.atproto.server.deleteSession': {}
}
