// Written by scripts/generate-network.ts.

/** The types of `app.bsky.graph.unmuteThread`. */
export interface AppBskyGraphUnmuteThreadTypes {
  readonly 'app.bsky.graph.unmuteThread': {
    readonly input: {
      readonly root: string
    }
  }
}
