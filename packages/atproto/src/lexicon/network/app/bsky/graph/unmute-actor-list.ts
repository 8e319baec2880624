// Written by scripts/generate-network.ts.

/** The types of `app.bsky.graph.unmuteActorList`. */
export interface AppBskyGraphUnmuteActorListTypes {
  readonly 'app.bsky.graph.unmuteActorList': {
    readonly input: {
      readonly list: string
    }
  }
}
