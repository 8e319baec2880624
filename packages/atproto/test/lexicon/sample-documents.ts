import type { LexiconDocument } from '../../src/lexicon/lexicon-document.ts'

/** Two lexicons that have everything a lexicon can have. */
export const sampleDocuments: readonly LexiconDocument[] = [
  {
    lexicon: 1,
    id: 'com.example.note',
    defs: {
      main: {
        type: 'record',
        description: 'A note */ on\n anything.',
        key: 'tid',
        record: {
          type: 'object',
          required: ['text', 'createdAt'],
          nullable: ['mood'],
          properties: {
            text: { type: 'string', maxLength: 30, maxGraphemes: 10, minGraphemes: 1, description: 'What it says.' },
            createdAt: { type: 'string', format: 'datetime' },
            mood: { type: 'string', knownValues: ['glad', "can't say"] },
            kind: { type: 'string', enum: ['a', 'b'] },
            fixed: { type: 'string', const: 'always' },
            count: { type: 'integer', minimum: 0, maximum: 10 },
            size: { type: 'integer', enum: [1, 2] },
            one: { type: 'integer', const: 1 },
            done: { type: 'boolean' },
            yes: { type: 'boolean', const: true },
            data: { type: 'bytes', minLength: 1, maxLength: 4 },
            file: { type: 'blob', accept: ['image/*', 'text/plain'], maxSize: 100 },
            link: { type: 'cid-link' },
            any: { type: 'unknown' },
            'odd-name': { type: 'null' },
            tags: { type: 'array', minLength: 1, maxLength: 2, items: { type: 'string', maxLength: 5 } },
            author: { type: 'ref', ref: 'com.example.defs#author' },
            self: { type: 'ref', ref: '#part' },
            stamp: { type: 'ref', ref: 'com.example.defs#stamp' },
            foreign: { type: 'ref', ref: 'com.example.elsewhere' },
            open: { type: 'union', refs: ['#part', 'com.example.defs#author'] },
            closed: { type: 'union', refs: ['#part'], closed: true },
          },
        },
      },
      part: {
        type: 'object',
        properties: { next: { type: 'ref', ref: '#part' }, name: { type: 'string', minLength: 2 } },
      },
    },
  },
  {
    lexicon: 1,
    id: 'com.example.defs',
    defs: {
      author: {
        type: 'object',
        required: ['did'],
        properties: { did: { type: 'string', format: 'did' }, names: { type: 'ref', ref: '#names' } },
      },
      names: { type: 'array', items: { type: 'string' } },
      stamp: { type: 'token' },
    },
  },
  {
    lexicon: 1,
    id: 'com.example.get',
    defs: {
      main: {
        type: 'query',
        parameters: { type: 'params', required: ['id'], properties: { id: { type: 'string' } } },
        output: { encoding: 'application/json', schema: { type: 'ref', ref: 'com.example.note' } },
      },
    },
  },
  {
    lexicon: 1,
    id: 'com.example.put',
    defs: {
      main: {
        type: 'procedure',
        input: { encoding: '*/*' },
        output: { encoding: 'application/json', schema: { type: 'object' } },
      },
    },
  },
  {
    lexicon: 1,
    id: 'com.example.watch',
    defs: { main: { type: 'subscription', message: { schema: { type: 'union', refs: ['com.example.note#part'] } } } },
  },
  { lexicon: 1, id: 'com.example.permissions', defs: { main: { type: 'permission-set' } } },
]
