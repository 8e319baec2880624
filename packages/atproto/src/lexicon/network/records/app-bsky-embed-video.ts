// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.embed.video`. */
export const appBskyEmbedVideo: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.embed.video',
  defs: {
    main: {
      type: 'object',
      required: ['video'],
      properties: {
        video: { type: 'blob', accept: ['video/mp4'], maxSize: 300000000 },
        captions: { type: 'array', items: { type: 'ref', ref: 'app.bsky.embed.video#caption' }, maxLength: 20 },
        alt: { type: 'string' },
        aspectRatio: { type: 'ref', ref: 'app.bsky.embed.defs#aspectRatio' },
        presentation: { type: 'string', knownValues: ['default', 'gif'] },
      },
    },
    caption: {
      type: 'object',
      required: ['lang', 'file'],
      properties: {
        lang: { type: 'string', format: 'language' },
        file: { type: 'blob', accept: ['text/vtt'], maxSize: 20000 },
      },
    },
  },
}
