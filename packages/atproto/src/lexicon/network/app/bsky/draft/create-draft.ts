// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.draft.createDraft`. */
export interface AppBskyDraftCreateDraftTypes {
  readonly 'app.bsky.draft.createDraft': {
    readonly input: {
      readonly draft: LexiconTypes['app.bsky.draft.defs#draft']
    }
    readonly output: {
      readonly id: string
    }
  }
}
