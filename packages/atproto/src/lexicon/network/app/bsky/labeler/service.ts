// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.labeler.service`. */
export interface AppBskyLabelerServiceTypes {
  readonly 'app.bsky.labeler.service': {
    readonly $type: 'app.bsky.labeler.service'
    readonly policies: LexiconTypes['app.bsky.labeler.defs#labelerPolicies']
    readonly labels?:
      | (LexiconTypes['com.atproto.label.defs#selfLabels'] & { readonly $type: 'com.atproto.label.defs#selfLabels' })
      | undefined
    readonly createdAt: string
    readonly reasonTypes?: readonly LexiconTypes['com.atproto.moderation.defs#reasonType'][] | undefined
    readonly subjectTypes?: readonly LexiconTypes['com.atproto.moderation.defs#subjectType'][] | undefined
    readonly subjectCollections?: readonly string[] | undefined
  }
}
