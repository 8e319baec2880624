// Written by scripts/generate-network.ts.

/** The types of `com.atproto.sync.requestCrawl`. */
export interface ComAtprotoSyncRequestCrawlTypes {
  readonly 'com.atproto.sync.requestCrawl': {
    readonly input: {
      readonly hostname: string
    }
  }
}
