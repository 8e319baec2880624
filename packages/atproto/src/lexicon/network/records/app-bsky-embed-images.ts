// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.embed.images`. */
export const appBskyEmbedImages: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.embed.images',
  defs: {
    main: {
      type: 'object',
      required: ['images'],
      properties: {
        images: { type: 'array', items: { type: 'ref', ref: 'app.bsky.embed.images#image' }, maxLength: 4 },
      },
    },
    image: {
      type: 'object',
      required: ['image', 'alt'],
      properties: {
        image: { type: 'blob', accept: ['image/*'], maxSize: 2000000 },
        alt: { type: 'string' },
        aspectRatio: { type: 'ref', ref: 'app.bsky.embed.defs#aspectRatio' },
      },
    },
  },
}
