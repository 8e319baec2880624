// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getListMutes`. */
export interface AppBskyGraphGetListMutesTypes {
  readonly 'app.bsky.graph.getListMutes': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly lists: readonly LexiconTypes['app.bsky.graph.defs#listView'][]
    }
  }
}
