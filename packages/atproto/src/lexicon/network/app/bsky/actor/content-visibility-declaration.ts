// Written by scripts/generate-network.ts.

/** The types of `app.bsky.actor.contentVisibilityDeclaration`. */
export interface AppBskyActorContentVisibilityDeclarationTypes {
  readonly 'app.bsky.actor.contentVisibilityDeclaration': {
    readonly $type: 'app.bsky.actor.contentVisibilityDeclaration'
    readonly hideFromAlgorithmicRecommendations: boolean
  }
}
