// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.feed.threadgate`. */
export const appBskyFeedThreadgate: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.feed.threadgate',
  defs: {
    main: {
      type: 'record',
      key: 'tid',
      record: {
        type: 'object',
        required: ['post', 'createdAt'],
        properties: {
          post: { type: 'string', format: 'at-uri' },
          allow: {
            type: 'array',
            maxLength: 5,
            items: {
              type: 'union',
              refs: [
                'app.bsky.feed.threadgate#mentionRule',
                'app.bsky.feed.threadgate#followerRule',
                'app.bsky.feed.threadgate#followingRule',
                'app.bsky.feed.threadgate#listRule',
              ],
            },
          },
          createdAt: { type: 'string', format: 'datetime' },
          hiddenReplies: { type: 'array', maxLength: 300, items: { type: 'string', format: 'at-uri' } },
        },
      },
    },
    mentionRule: { type: 'object', properties: {} },
    followerRule: { type: 'object', properties: {} },
    followingRule: { type: 'object', properties: {} },
    listRule: { type: 'object', required: ['list'], properties: { list: { type: 'string', format: 'at-uri' } } },
  },
}
