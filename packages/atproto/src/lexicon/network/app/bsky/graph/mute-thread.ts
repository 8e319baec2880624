// Written by scripts/generate-network.ts.

/** The types of `app.bsky.graph.muteThread`. */
export interface AppBskyGraphMuteThreadTypes {
  readonly 'app.bsky.graph.muteThread': {
    readonly input: {
      readonly root: string
    }
  }
}
