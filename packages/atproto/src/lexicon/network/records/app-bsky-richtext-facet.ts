// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `app.bsky.richtext.facet`. */
export const appBskyRichtextFacet: LexiconDocument = {
  lexicon: 1,
  id: 'app.bsky.richtext.facet',
  defs: {
    main: {
      type: 'object',
      required: ['index', 'features'],
      properties: {
        index: { type: 'ref', ref: 'app.bsky.richtext.facet#byteSlice' },
        features: {
          type: 'array',
          items: {
            type: 'union',
            refs: ['app.bsky.richtext.facet#mention', 'app.bsky.richtext.facet#link', 'app.bsky.richtext.facet#tag'],
          },
        },
      },
    },
    byteSlice: {
      type: 'object',
      required: ['byteStart', 'byteEnd'],
      properties: { byteStart: { type: 'integer', minimum: 0 }, byteEnd: { type: 'integer', minimum: 0 } },
    },
    mention: { type: 'object', required: ['did'], properties: { did: { type: 'string', format: 'did' } } },
    link: { type: 'object', required: ['uri'], properties: { uri: { type: 'string', format: 'uri' } } },
    tag: {
      type: 'object',
      required: ['tag'],
      properties: { tag: { type: 'string', maxLength: 640, maxGraphemes: 64 } },
    },
  },
}
