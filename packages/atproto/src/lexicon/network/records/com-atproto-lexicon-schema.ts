// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `com.atproto.lexicon.schema`. */
export const comAtprotoLexiconSchema: LexiconDocument = {
  lexicon: 1,
  id: 'com.atproto.lexicon.schema',
  defs: {
    main: {
      type: 'record',
      key: 'nsid',
      record: { type: 'object', required: ['lexicon'], properties: { lexicon: { type: 'integer' } } },
    },
  },
}
