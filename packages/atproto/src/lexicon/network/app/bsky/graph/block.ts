// Written by scripts/generate-network.ts.

/** The types of `app.bsky.graph.block`. */
export interface AppBskyGraphBlockTypes {
  readonly 'app.bsky.graph.block': {
    readonly $type: 'app.bsky.graph.block'
    readonly subject: string
    readonly createdAt: string
  }
}
