// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.actor.profile`. */
export const appBskyActorProfile: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.actor.profile',
  defs: {
    main: {
      type: 'record',
      key: 'literal:self',
      record: {
        type: 'object',
        properties: {
          displayName: { type: 'string', maxGraphemes: 64, maxLength: 640 },
          description: { type: 'string', maxGraphemes: 256, maxLength: 2560 },
          pronouns: { type: 'string', maxGraphemes: 20, maxLength: 200 },
          website: { type: 'string', format: 'uri' },
          avatar: { type: 'blob', accept: ['image/png', 'image/jpeg'], maxSize: 1000000 },
          banner: { type: 'blob', accept: ['image/png', 'image/jpeg'], maxSize: 1000000 },
          labels: { type: 'union', refs: ['com.atproto.label.defs#selfLabels'] },
          joinedViaStarterPack: { type: 'ref', ref: 'com.atproto.repo.strongRef' },
          pinnedPost: { type: 'ref', ref: 'com.atproto.repo.strongRef' },
          createdAt: { type: 'string', format: 'datetime' },
        },
      },
    },
  },
}
