// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getLists`. */
export interface AppBskyGraphGetListsTypes {
  readonly 'app.bsky.graph.getLists': {
    readonly parameters: {
      readonly actor: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
      readonly purposes?: readonly ('modlist' | 'curatelist' | (string & {}))[] | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly lists: readonly LexiconTypes['app.bsky.graph.defs#listView'][]
    }
  }
}
