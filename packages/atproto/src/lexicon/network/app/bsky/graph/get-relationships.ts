// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getRelationships`. */
export interface AppBskyGraphGetRelationshipsTypes {
  readonly 'app.bsky.graph.getRelationships': {
    readonly parameters: {
      readonly actor: string
      readonly others?: readonly string[] | undefined
    }
    readonly output: {
      readonly actor?: string | undefined
      readonly relationships: readonly (
        | (LexiconTypes['app.bsky.graph.defs#relationship'] & { readonly $type: 'app.bsky.graph.defs#relationship' })
        | (LexiconTypes['app.bsky.graph.defs#notFoundActor'] & { readonly $type: 'app.bsky.graph.defs#notFoundActor' })
      )[]
    }
  }
}
