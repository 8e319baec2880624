// Written by scripts/generate-network.ts.

/** The types of `app.bsky.graph.referencelistoptout`. */
export interface AppBskyGraphReferencelistoptoutTypes {
  readonly 'app.bsky.graph.referencelistoptout': {
    readonly $type: 'app.bsky.graph.referencelistoptout'
    readonly subject: string
    readonly createdAt: string
  }
}
