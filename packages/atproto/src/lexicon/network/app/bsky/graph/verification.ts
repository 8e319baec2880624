// Written by scripts/generate-network.ts.

/** The types of `app.bsky.graph.verification`. */
export interface AppBskyGraphVerificationTypes {
  readonly 'app.bsky.graph.verification': {
    readonly $type: 'app.bsky.graph.verification'
    readonly subject: string
    readonly handle: string
    readonly displayName: string
    readonly createdAt: string
  }
}
