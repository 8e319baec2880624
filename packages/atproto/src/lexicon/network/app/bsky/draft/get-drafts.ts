// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.draft.getDrafts`. */
export interface AppBskyDraftGetDraftsTypes {
  readonly 'app.bsky.draft.getDrafts': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly drafts: readonly LexiconTypes['app.bsky.draft.defs#draftView'][]
    }
  }
}
