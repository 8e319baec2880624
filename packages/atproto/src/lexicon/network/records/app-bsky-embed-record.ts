// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.embed.record`. */
export const appBskyEmbedRecord: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.embed.record',
  defs: {
    main: {
      type: 'object',
      required: ['record'],
      properties: { record: { type: 'ref', ref: 'com.atproto.repo.strongRef' } },
    },
  },
}
