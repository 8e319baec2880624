// Written by scripts/generate-network.ts.

/** The types of `app.bsky.graph.listblock`. */
export interface AppBskyGraphListblockTypes {
  readonly 'app.bsky.graph.listblock': {
    readonly $type: 'app.bsky.graph.listblock'
    readonly subject: string
    readonly createdAt: string
  }
}
