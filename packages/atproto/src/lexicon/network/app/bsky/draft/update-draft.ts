// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.draft.updateDraft`. */
export interface AppBskyDraftUpdateDraftTypes {
  readonly 'app.bsky.draft.updateDraft': {
    readonly input: {
      readonly draft: LexiconTypes['app.bsky.draft.defs#draftWithId']
    }
  }
}
