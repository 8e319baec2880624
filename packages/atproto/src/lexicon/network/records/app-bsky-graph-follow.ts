// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.graph.follow`. */
export const appBskyGraphFollow: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.graph.follow',
  defs: {
    main: {
      type: 'record',
      key: 'tid',
      record: {
        type: 'object',
        required: ['subject', 'createdAt'],
        properties: {
          subject: { type: 'string', format: 'did' },
          createdAt: { type: 'string', format: 'datetime' },
          via: { type: 'ref', ref: 'com.atproto.repo.strongRef' },
        },
      },
    },
  },
}
