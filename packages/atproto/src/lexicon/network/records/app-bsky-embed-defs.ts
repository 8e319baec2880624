// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.embed.defs`. */
export const appBskyEmbedDefs: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.embed.defs',
  defs: {
    aspectRatio: {
      type: 'object',
      required: ['width', 'height'],
      properties: { width: { type: 'integer', minimum: 1 }, height: { type: 'integer', minimum: 1 } },
    },
  },
}
