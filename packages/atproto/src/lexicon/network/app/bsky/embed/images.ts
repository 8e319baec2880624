// Written by scripts/generate-network.ts.
import type { BlobRef } from '../../../../data-kinds.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.embed.images`. */
export interface AppBskyEmbedImagesTypes {
  readonly 'app.bsky.embed.images': {
    readonly $type?: 'app.bsky.embed.images' | undefined
    readonly images: readonly LexiconTypes['app.bsky.embed.images#image'][]
  }
  readonly 'app.bsky.embed.images#image': {
    readonly $type?: 'app.bsky.embed.images#image' | undefined
    readonly image: BlobRef
    readonly alt: string
    readonly aspectRatio?: LexiconTypes['app.bsky.embed.defs#aspectRatio'] | undefined
  }
  readonly 'app.bsky.embed.images#view': {
    readonly $type?: 'app.bsky.embed.images#view' | undefined
    readonly images: readonly LexiconTypes['app.bsky.embed.images#viewImage'][]
  }
  readonly 'app.bsky.embed.images#viewImage': {
    readonly $type?: 'app.bsky.embed.images#viewImage' | undefined
    readonly thumb: string
    readonly fullsize: string
    readonly alt: string
    readonly aspectRatio?: LexiconTypes['app.bsky.embed.defs#aspectRatio'] | undefined
  }
}
