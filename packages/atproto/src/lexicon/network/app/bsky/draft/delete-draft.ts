// Written by scripts/generate-network.ts.

/** The types of `app.bsky.draft.deleteDraft`. */
export interface AppBskyDraftDeleteDraftTypes {
  readonly 'app.bsky.draft.deleteDraft': {
    readonly input: {
      readonly id: string
    }
  }
}
