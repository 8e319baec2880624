// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getList`. */
export interface AppBskyGraphGetListTypes {
  readonly 'app.bsky.graph.getList': {
    readonly parameters: {
      readonly list: string
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly list: LexiconTypes['app.bsky.graph.defs#listView']
      readonly items: readonly LexiconTypes['app.bsky.graph.defs#listItemView'][]
    }
  }
}
