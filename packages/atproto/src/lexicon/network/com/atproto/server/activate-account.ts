// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.activateAccount`. */
export interface ComAtprotoServerActivateAccountTypes {
  readonly 'com.atproto.server.activateAccount': {}
}
