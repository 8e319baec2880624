// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.graph.defs`. */
export const appBskyGraphDefs: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.graph.defs',
  defs: {
    listPurpose: {
      type: 'string',
      knownValues: [
        'app.bsky.graph.defs#modlist',
        'app.bsky.graph.defs#curatelist',
        'app.bsky.graph.defs#referencelist',
      ],
    },
  },
}
