// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.feed.postgate`. */
export const appBskyFeedPostgate: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.feed.postgate',
  defs: {
    main: {
      type: 'record',
      key: 'tid',
      record: {
        type: 'object',
        required: ['post', 'createdAt'],
        properties: {
          createdAt: { type: 'string', format: 'datetime' },
          post: { type: 'string', format: 'at-uri' },
          detachedEmbeddingUris: { type: 'array', maxLength: 50, items: { type: 'string', format: 'at-uri' } },
          embeddingRules: {
            type: 'array',
            maxLength: 5,
            items: { type: 'union', refs: ['app.bsky.feed.postgate#disableRule'] },
          },
        },
      },
    },
    disableRule: { type: 'object', properties: {} },
  },
}
