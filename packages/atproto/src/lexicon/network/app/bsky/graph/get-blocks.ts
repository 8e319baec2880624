// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.getBlocks`. */
export interface AppBskyGraphGetBlocksTypes {
  readonly 'app.bsky.graph.getBlocks': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly blocks: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
    }
  }
}
