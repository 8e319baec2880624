// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.embed.gallery`. */
export const appBskyEmbedGallery: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.embed.gallery',
  defs: {
    main: {
      type: 'object',
      required: ['items'],
      properties: {
        items: { type: 'array', maxLength: 20, items: { type: 'union', refs: ['app.bsky.embed.gallery#image'] } },
      },
    },
    image: {
      type: 'object',
      required: ['image', 'alt', 'aspectRatio'],
      properties: {
        image: { type: 'blob', accept: ['image/*'], maxSize: 2000000 },
        alt: { type: 'string' },
        aspectRatio: { type: 'ref', ref: 'app.bsky.embed.defs#aspectRatio' },
      },
    },
  },
}
