import type { SchemaIssue, StandardSchema } from '@exprsn/core/config'

/** What a field must be; those with `?` may be missing. */
export type FieldKind = 'text' | 'text?' | 'date' | 'date?' | 'texts?' | 'flag?' | 'url' | 'url?'

/**
 * A Standard Schema for plain objects, so that the presets need no library of schemas. Fields that are not named are left
 * alone.
 */
export function fieldSchema<Item>(fields: Readonly<Record<string, FieldKind>>): StandardSchema<Item> {
  return {
    '~standard': {
      version: 1,
      vendor: 'exprsn',
      validate(value) {
        if (typeof value !== 'object' || value === null) return { issues: [{ message: 'it is no object' }] }
        const item = value as Readonly<Record<string, unknown>>
        const issues: SchemaIssue[] = []
        for (const [name, kind] of Object.entries(fields)) {
          const message = problemOf(kind, item[name])
          if (message !== undefined) issues.push({ path: [name], message })
        }
        return issues.length > 0 ? { issues } : { value: value as Item }
      },
    },
  }
}

function problemOf(kind: FieldKind, value: unknown): string | undefined {
  if (value === undefined) return kind.endsWith('?') ? undefined : 'it is missing'
  switch (kind.replace('?', '')) {
    case 'text':
      return typeof value === 'string' && value !== '' ? undefined : 'it is no text'
    case 'url':
      return typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '')
        ? undefined
        : 'it is no http or https URL'
    case 'date':
      return value instanceof Date && Number.isFinite(value.getTime()) ? undefined : 'it is no date'
    case 'texts':
      return Array.isArray(value) && value.every((text) => typeof text === 'string')
        ? undefined
        : 'it is no list of texts'
    default:
      return typeof value === 'boolean' ? undefined : 'it is neither true nor false'
  }
}
