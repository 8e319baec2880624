// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.notification.declaration`. */
export const appBskyNotificationDeclaration: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.notification.declaration',
  defs: {
    main: {
      type: 'record',
      key: 'literal:self',
      record: {
        type: 'object',
        required: ['allowSubscriptions'],
        properties: { allowSubscriptions: { type: 'string', knownValues: ['followers', 'mutuals', 'none'] } },
      },
    },
  },
}
