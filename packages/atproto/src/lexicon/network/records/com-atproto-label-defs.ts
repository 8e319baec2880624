// Written by scripts/generate-network.ts.
import type { LexiconDocument } from '../../lexicon-document.ts'

/** What records need of `com.atproto.label.defs`. */
export const comAtprotoLabelDefs: LexiconDocument = {
  lexicon: 1,
  id: 'com.atproto.label.defs',
  defs: {
    selfLabels: {
      type: 'object',
      required: ['values'],
      properties: {
        values: { type: 'array', items: { type: 'ref', ref: 'com.atproto.label.defs#selfLabel' }, maxLength: 10 },
      },
    },
    selfLabel: { type: 'object', required: ['val'], properties: { val: { type: 'string', maxLength: 128 } } },
    labelValue: {
      type: 'string',
      knownValues: ['!hide', '!warn', '!no-unauthenticated', 'porn', 'sexual', 'nudity', 'graphic-media', 'bot'],
    },
    labelValueDefinition: {
      type: 'object',
      required: ['identifier', 'severity', 'blurs', 'locales'],
      properties: {
        identifier: { type: 'string', maxLength: 100, maxGraphemes: 100 },
        severity: { type: 'string', knownValues: ['inform', 'alert', 'none'] },
        blurs: { type: 'string', knownValues: ['content', 'media', 'none'] },
        defaultSetting: { type: 'string', knownValues: ['ignore', 'warn', 'hide'], default: 'warn' },
        adultOnly: { type: 'boolean' },
        locales: { type: 'array', items: { type: 'ref', ref: 'com.atproto.label.defs#labelValueDefinitionStrings' } },
      },
    },
    labelValueDefinitionStrings: {
      type: 'object',
      required: ['lang', 'name', 'description'],
      properties: {
        lang: { type: 'string', format: 'language' },
        name: { type: 'string', maxGraphemes: 64, maxLength: 640 },
        description: { type: 'string', maxGraphemes: 10000, maxLength: 100000 },
      },
    },
  },
}
