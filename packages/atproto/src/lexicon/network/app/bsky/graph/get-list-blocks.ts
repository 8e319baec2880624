// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getListBlocks`. */
export interface AppBskyGraphGetListBlocksTypes {
  readonly 'app.bsky.graph.getListBlocks': {
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
