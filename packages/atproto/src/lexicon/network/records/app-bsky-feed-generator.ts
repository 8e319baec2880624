// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.feed.generator`. */
export const appBskyFeedGenerator: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.feed.generator',
  defs: {
    main: {
      type: 'record',
      key: 'any',
      record: {
        type: 'object',
        required: ['did', 'displayName', 'createdAt'],
        properties: {
          did: { type: 'string', format: 'did' },
          displayName: { type: 'string', maxGraphemes: 24, maxLength: 240 },
          description: { type: 'string', maxGraphemes: 300, maxLength: 3000 },
          descriptionFacets: { type: 'array', items: { type: 'ref', ref: 'app.bsky.richtext.facet' } },
          avatar: { type: 'blob', accept: ['image/png', 'image/jpeg'], maxSize: 1000000 },
          acceptsInteractions: { type: 'boolean' },
          labels: { type: 'union', refs: ['com.atproto.label.defs#selfLabels'] },
          contentMode: {
            type: 'string',
            knownValues: ['app.bsky.feed.defs#contentModeUnspecified', 'app.bsky.feed.defs#contentModeVideo'],
          },
          createdAt: { type: 'string', format: 'datetime' },
        },
      },
    },
  },
}
