// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.feed.post`. */
export const appBskyFeedPost: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.feed.post',
  defs: {
    main: {
      type: 'record',
      key: 'tid',
      record: {
        type: 'object',
        required: ['text', 'createdAt'],
        properties: {
          text: { type: 'string', maxLength: 3000, maxGraphemes: 300 },
          entities: { type: 'array', items: { type: 'ref', ref: 'app.bsky.feed.post#entity' } },
          facets: { type: 'array', items: { type: 'ref', ref: 'app.bsky.richtext.facet' } },
          reply: { type: 'ref', ref: 'app.bsky.feed.post#replyRef' },
          embed: {
            type: 'union',
            refs: [
              'app.bsky.embed.images',
              'app.bsky.embed.video',
              'app.bsky.embed.gallery',
              'app.bsky.embed.external',
              'app.bsky.embed.record',
              'app.bsky.embed.recordWithMedia',
            ],
          },
          langs: { type: 'array', maxLength: 3, items: { type: 'string', format: 'language' } },
          labels: { type: 'union', refs: ['com.atproto.label.defs#selfLabels'] },
          tags: { type: 'array', maxLength: 8, items: { type: 'string', maxLength: 640, maxGraphemes: 64 } },
          createdAt: { type: 'string', format: 'datetime' },
        },
      },
    },
    entity: {
      type: 'object',
      required: ['index', 'type', 'value'],
      properties: {
        index: { type: 'ref', ref: 'app.bsky.feed.post#textSlice' },
        type: { type: 'string' },
        value: { type: 'string' },
      },
    },
    textSlice: {
      type: 'object',
      required: ['start', 'end'],
      properties: { start: { type: 'integer', minimum: 0 }, end: { type: 'integer', minimum: 0 } },
    },
    replyRef: {
      type: 'object',
      required: ['root', 'parent'],
      properties: {
        root: { type: 'ref', ref: 'com.atproto.repo.strongRef' },
        parent: { type: 'ref', ref: 'com.atproto.repo.strongRef' },
      },
    },
  },
}
