// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.actor.contentVisibilityDeclaration`. */
export const appBskyActorContentVisibilityDeclaration: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.actor.contentVisibilityDeclaration',
  defs: {
    main: {
      type: 'record',
      key: 'literal:self',
      record: {
        type: 'object',
        required: ['hideFromAlgorithmicRecommendations'],
        properties: { hideFromAlgorithmicRecommendations: { type: 'boolean' } },
      },
    },
  },
}
