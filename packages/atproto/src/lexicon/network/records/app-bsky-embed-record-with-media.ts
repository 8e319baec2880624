// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.embed.recordWithMedia`. */
export const appBskyEmbedRecordWithMedia: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.embed.recordWithMedia',
  defs: {
    main: {
      type: 'object',
      required: ['record', 'media'],
      properties: {
        record: { type: 'ref', ref: 'app.bsky.embed.record' },
        media: {
          type: 'union',
          refs: ['app.bsky.embed.images', 'app.bsky.embed.video', 'app.bsky.embed.gallery', 'app.bsky.embed.external'],
        },
      },
    },
  },
}
