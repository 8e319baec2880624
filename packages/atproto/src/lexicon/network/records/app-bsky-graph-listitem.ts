// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.graph.listitem`. */
export const appBskyGraphListitem: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.graph.listitem',
  defs: {
    main: {
      type: 'record',
      key: 'tid',
      record: {
        type: 'object',
        required: ['subject', 'list', 'createdAt'],
        properties: {
          subject: { type: 'string', format: 'did' },
          list: { type: 'string', format: 'at-uri' },
          createdAt: { type: 'string', format: 'datetime' },
        },
      },
    },
  },
}
