// Written by scripts/generate-network.ts.

/** The types of `app.bsky.graph.listitem`. */
export interface AppBskyGraphListitemTypes {
  readonly 'app.bsky.graph.listitem': {
    readonly $type: 'app.bsky.graph.listitem'
    readonly subject: string
    readonly list: string
    readonly createdAt: string
  }
}
