// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.embed.external`. */
export const appBskyEmbedExternal: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.embed.external',
  defs: {
    main: {
      type: 'object',
      required: ['external'],
      properties: { external: { type: 'ref', ref: 'app.bsky.embed.external#external' } },
    },
    external: {
      type: 'object',
      required: ['uri', 'title', 'description'],
      properties: {
        uri: { type: 'string', format: 'uri' },
        title: { type: 'string' },
        description: { type: 'string' },
        thumb: { type: 'blob', accept: ['image/*'], maxSize: 1000000 },
        associatedRefs: { type: 'array', items: { type: 'ref', ref: 'com.atproto.repo.strongRef' } },
      },
    },
  },
}
