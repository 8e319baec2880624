// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.graph.starterpack`. */
export const appBskyGraphStarterpack: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.graph.starterpack',
  defs: {
    main: {
      type: 'record',
      key: 'tid',
      record: {
        type: 'object',
        required: ['name', 'list', 'createdAt'],
        properties: {
          name: { type: 'string', maxGraphemes: 50, maxLength: 500, minLength: 1 },
          description: { type: 'string', maxGraphemes: 300, maxLength: 3000 },
          descriptionFacets: { type: 'array', items: { type: 'ref', ref: 'app.bsky.richtext.facet' } },
          list: { type: 'string', format: 'at-uri' },
          feeds: { type: 'array', maxLength: 3, items: { type: 'ref', ref: 'app.bsky.graph.starterpack#feedItem' } },
          createdAt: { type: 'string', format: 'datetime' },
        },
      },
    },
    feedItem: { type: 'object', required: ['uri'], properties: { uri: { type: 'string', format: 'at-uri' } } },
  },
}
