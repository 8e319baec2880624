import type { JsonSchema } from './json-schema.ts'

const text = { type: 'string' }

/** Problem details as `problemOf` makes them. */
export const problemSchema: JsonSchema = {
  type: 'object',
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: text,
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: text,
    code: text,
    retryable: { type: 'boolean' },
    requestId: text,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { in: { enum: ['path', 'query', 'body'] }, pointer: text, detail: text },
        required: ['in', 'pointer', 'detail'],
      },
    },
  },
  required: ['type', 'title', 'status'],
}
