// Written by scripts/generate-network.ts.
import type { BlobRef } from '../../../../data-kinds.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.graph.list`. */
export interface AppBskyGraphListTypes {
  readonly 'app.bsky.graph.list': {
    readonly $type: 'app.bsky.graph.list'
    readonly purpose: LexiconTypes['app.bsky.graph.defs#listPurpose']
    readonly name: string
    readonly description?: string | undefined
    readonly descriptionFacets?: readonly LexiconTypes['app.bsky.richtext.facet'][] | undefined
    readonly avatar?: BlobRef | undefined
    readonly labels?:
      | (LexiconTypes['com.atproto.label.defs#selfLabels'] & { readonly $type: 'com.atproto.label.defs#selfLabels' })
      | undefined
    readonly createdAt: string
  }
}
