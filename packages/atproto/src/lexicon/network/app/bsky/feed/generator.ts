// Written by scripts/generate-network.ts.
import type { BlobRef } from '../../../../data-kinds.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.feed.generator`. */
export interface AppBskyFeedGeneratorTypes {
  readonly 'app.bsky.feed.generator': {
    readonly $type: 'app.bsky.feed.generator'
    readonly did: string
    readonly displayName: string
    readonly description?: string | undefined
    readonly descriptionFacets?: readonly LexiconTypes['app.bsky.richtext.facet'][] | undefined
    readonly avatar?: BlobRef | undefined
    readonly acceptsInteractions?: boolean | undefined
    readonly labels?:
      | (LexiconTypes['com.atproto.label.defs#selfLabels'] & { readonly $type: 'com.atproto.label.defs#selfLabels' })
      | undefined
    readonly contentMode?:
      | 'app.bsky.feed.defs#contentModeUnspecified'
      | 'app.bsky.feed.defs#contentModeVideo'
      | (string & {})
      | undefined
    readonly createdAt: string
  }
}
