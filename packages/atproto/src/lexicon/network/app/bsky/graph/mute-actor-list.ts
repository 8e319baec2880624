// Written by scripts/generate-network.ts.

/** The types of `app.bsky.graph.muteActorList`. */
export interface AppBskyGraphMuteActorListTypes {
  readonly 'app.bsky.graph.muteActorList': {
    readonly input: {
      readonly list: string
    }
  }
}
