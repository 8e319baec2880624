// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.richtext.facet`. */
export interface AppBskyRichtextFacetTypes {
  readonly 'app.bsky.richtext.facet': {
    readonly $type?: 'app.bsky.richtext.facet' | undefined
    readonly index: LexiconTypes['app.bsky.richtext.facet#byteSlice']
    readonly features: readonly (
      | (LexiconTypes['app.bsky.richtext.facet#mention'] & { readonly $type: 'app.bsky.richtext.facet#mention' })
      | (LexiconTypes['app.bsky.richtext.facet#link'] & { readonly $type: 'app.bsky.richtext.facet#link' })
      | (LexiconTypes['app.bsky.richtext.facet#tag'] & { readonly $type: 'app.bsky.richtext.facet#tag' })
    )[]
  }
  readonly 'app.bsky.richtext.facet#mention': {
    readonly $type?: 'app.bsky.richtext.facet#mention' | undefined
    readonly did: string
  }
  readonly 'app.bsky.richtext.facet#link': {
    readonly $type?: 'app.bsky.richtext.facet#link' | undefined
    readonly uri: string
  }
  readonly 'app.bsky.richtext.facet#tag': {
    readonly $type?: 'app.bsky.richtext.facet#tag' | undefined
    readonly tag: string
  }
  readonly 'app.bsky.richtext.facet#byteSlice': {
    readonly $type?: 'app.bsky.richtext.facet#byteSlice' | undefined
    readonly byteStart: number
    readonly byteEnd: number
  }
}
