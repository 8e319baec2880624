// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.labeler.defs`. */
export const appBskyLabelerDefs: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.labeler.defs',
  defs: {
    labelerPolicies: {
      type: 'object',
      required: ['labelValues'],
      properties: {
        labelValues: { type: 'array', items: { type: 'ref', ref: 'com.atproto.label.defs#labelValue' } },
        labelValueDefinitions: {
          type: 'array',
          items: { type: 'ref', ref: 'com.atproto.label.defs#labelValueDefinition' },
        },
      },
    },
  },
}
