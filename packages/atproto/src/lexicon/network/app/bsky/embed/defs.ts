// Written by scripts/generate-network.ts.

/** The types of `app.bsky.embed.defs`. */
export interface AppBskyEmbedDefsTypes {
  readonly 'app.bsky.embed.defs#aspectRatio': {
    readonly $type?: 'app.bsky.embed.defs#aspectRatio' | undefined
    readonly width: number
    readonly height: number
  }
}
