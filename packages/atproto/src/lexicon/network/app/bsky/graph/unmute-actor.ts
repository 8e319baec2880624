// Written by scripts/generate-network.ts.

/** The types of `app.bsky.graph.unmuteActor`. */
export interface AppBskyGraphUnmuteActorTypes {
  readonly 'app.bsky.graph.unmuteActor': {
    readonly input: {
      readonly actor: string
    }
  }
}
