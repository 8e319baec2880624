// Written by scripts/generate-network.ts.

/** The types of `com.atproto.sync.notifyOfUpdate`. */
export interface ComAtprotoSyncNotifyOfUpdateTypes {
  readonly 'com.atproto.sync.notifyOfUpdate': {
    readonly input: {
      readonly hostname: string
    }
  }
}
