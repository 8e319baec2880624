// Written by scripts/generate-network.ts.

/** The types of `com.atproto.server.requestEmailConfirmation`. */
export interface ComAtprotoServerRequestEmailConfirmationTypes {
  readonly 'com.atproto.server.requestEmailConfirmation': {}
}
