// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getSuggestedFollowsByActor`. */
export interface AppBskyGraphGetSuggestedFollowsByActorTypes {
  readonly 'app.bsky.graph.getSuggestedFollowsByActor': {
    readonly parameters: {
      readonly actor: string
    }
    readonly output: {
      readonly suggestions: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
      readonly recIdStr?: string | undefined
      readonly isFallback?: boolean | undefined
      readonly recId?: number | undefined
    }
  }
}
