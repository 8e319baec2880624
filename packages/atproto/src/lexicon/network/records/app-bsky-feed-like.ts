// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.feed.like`. */
export const appBskyFeedLike: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.feed.like',
  defs: {
    main: {
      type: 'record',
      key: 'tid',
      record: {
        type: 'object',
        required: ['subject', 'createdAt'],
        properties: {
          subject: { type: 'ref', ref: 'com.atproto.repo.strongRef' },
          createdAt: { type: 'string', format: 'datetime' },
          via: { type: 'ref', ref: 'com.atproto.repo.strongRef' },
        },
      },
    },
  },
}
