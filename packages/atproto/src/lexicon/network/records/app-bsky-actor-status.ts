// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.actor.status`. */
export const appBskyActorStatus: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.actor.status',
  defs: {
    main: {
      type: 'record',
      key: 'literal:self',
      record: {
        type: 'object',
        required: ['status', 'createdAt'],
        properties: {
          status: { type: 'string', knownValues: ['app.bsky.actor.status#live'] },
          embed: { type: 'union', refs: ['app.bsky.embed.external'] },
          durationMinutes: { type: 'integer', minimum: 1 },
          createdAt: { type: 'string', format: 'datetime' },
        },
      },
    },
  },
}
