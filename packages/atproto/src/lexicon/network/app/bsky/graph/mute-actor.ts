// Written by scripts/generate-network.ts.

/** The types of `app.bsky.graph.muteActor`. */
export interface AppBskyGraphMuteActorTypes {
  readonly 'app.bsky.graph.muteActor': {
    readonly input: {
      readonly actor: string
      readonly onlyReposts?: boolean | undefined
      readonly onlyQuoteposts?: boolean | undefined
    }
  }
}
