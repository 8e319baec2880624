// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.labeler.service`. */
export const appBskyLabelerService: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.labeler.service',
  defs: {
    main: {
      type: 'record',
      key: 'literal:self',
      record: {
        type: 'object',
        required: ['policies', 'createdAt'],
        properties: {
          policies: { type: 'ref', ref: 'app.bsky.labeler.defs#labelerPolicies' },
          labels: { type: 'union', refs: ['com.atproto.label.defs#selfLabels'] },
          createdAt: { type: 'string', format: 'datetime' },
          reasonTypes: { type: 'array', items: { type: 'ref', ref: 'com.atproto.moderation.defs#reasonType' } },
          subjectTypes: { type: 'array', items: { type: 'ref', ref: 'com.atproto.moderation.defs#subjectType' } },
          subjectCollections: { type: 'array', items: { type: 'string', format: 'nsid' } },
        },
      },
    },
  },
}
