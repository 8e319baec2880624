// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.graph.verification`. */
export const appBskyGraphVerification: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.graph.verification',
  defs: {
    main: {
      type: 'record',
      key: 'tid',
      record: {
        type: 'object',
        required: ['subject', 'handle', 'displayName', 'createdAt'],
        properties: {
          subject: { type: 'string', format: 'did' },
          handle: { type: 'string', format: 'handle' },
          displayName: { type: 'string' },
          createdAt: { type: 'string', format: 'datetime' },
        },
      },
    },
  },
}
