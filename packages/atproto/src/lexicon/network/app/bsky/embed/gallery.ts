// Written by scripts/generate-network.ts.
import type { BlobRef } from '../../../../data-kinds.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.embed.gallery`. */
export interface AppBskyEmbedGalleryTypes {
  readonly 'app.bsky.embed.gallery': {
    readonly $type?: 'app.bsky.embed.gallery' | undefined
    readonly items: readonly (LexiconTypes['app.bsky.embed.gallery#image'] & {
      readonly $type: 'app.bsky.embed.gallery#image'
    })[]
  }
  readonly 'app.bsky.embed.gallery#image': {
    readonly $type?: 'app.bsky.embed.gallery#image' | undefined
    readonly image: BlobRef
    readonly alt: string
    readonly aspectRatio: LexiconTypes['app.bsky.embed.defs#aspectRatio']
  }
  readonly 'app.bsky.embed.gallery#view': {
    readonly $type?: 'app.bsky.embed.gallery#view' | undefined
    readonly items: readonly (LexiconTypes['app.bsky.embed.gallery#viewImage'] & {
      readonly $type: 'app.bsky.embed.gallery#viewImage'
    })[]
  }
  readonly 'app.bsky.embed.gallery#viewImage': {
    readonly $type?: 'app.bsky.embed.gallery#viewImage' | undefined
    readonly thumbnail: string
    readonly fullsize: string
    readonly alt: string
    readonly aspectRatio: LexiconTypes['app.bsky.embed.defs#aspectRatio']
  }
}
