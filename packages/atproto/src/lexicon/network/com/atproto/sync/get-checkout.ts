// Written by scripts/generate-network.ts.

/** The types of `com.atproto.sync.getCheckout`. */
export interface ComAtprotoSyncGetCheckoutTypes {
  readonly 'com.atproto.sync.getCheckout': {
    readonly parameters: {
      readonly did: string
    }
    readonly output: Uint8Array
  }
}
