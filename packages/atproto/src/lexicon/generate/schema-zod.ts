import { fullName } from '../check-value.ts'
import type { LexiconObject, LexiconSchema, LexiconString } from '../lexicon-document.ts'
import { stringFormats } from '../string-formats.ts'
import { propertyName, quoted, typeKey, type TypeContext } from './schema-type.ts'

/** The zod expression of a schema. */
export function schemaZod(schema: LexiconSchema, context: TypeContext): string {
  switch (schema.type) {
    case 'object':
      return objectZod(schema, context)
    case 'array':
      return `z.array(${schemaZod(schema.items, context)})${limits(schema)}`
    case 'ref':
      return referenceZod(schema.ref, context)
    case 'union':
      return unionZod(schema.refs, schema.closed ?? false, context)
    case 'string':
      return textZod(schema)
    case 'integer': {
      if (schema.const !== undefined) return `z.literal(${schema.const})`
      if (schema.enum !== undefined) return `z.literal([${schema.enum.join(', ')}])`
      const { minimum, maximum } = schema
      return `z.int()${minimum === undefined ? '' : `.min(${minimum})`}${maximum === undefined ? '' : `.max(${maximum})`}`
    }
    case 'boolean':
      return schema.const === undefined ? 'z.boolean()' : `z.literal(${schema.const})`
    case 'bytes':
      return `kit.bytes(${schema.minLength ?? 0}, ${schema.maxLength ?? 'Infinity'})`
    case 'blob':
      return `kit.blob(${schema.maxSize ?? 'Infinity'}, ${JSON.stringify(schema.accept ?? ['*/*'])})`
    case 'cid-link':
      return 'z.instanceof(Cid)'
    case 'null':
      return 'z.null()'
    case 'unknown':
      return 'kit.dataObject'
  }
}

/** Fields that the lexicon does not name are kept, since they are allowed; bytes and links are no objects. */
export function objectZod(
  { properties = {}, required = [], nullable = [] }: Omit<LexiconObject, 'type'>,
  context: TypeContext,
  typeField?: string,
): string {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const value = schemaZod(schema, context) + (nullable.includes(name) ? '.nullable()' : '')
    return `${propertyName(name)}: ${value}${required.includes(name) ? '' : '.optional()'},`
  })
  return `kit.dataObject.pipe(z.looseObject({\n${(typeField === undefined ? fields : [typeField, ...fields]).join('\n')}\n}))`
}

function referenceZod(ref: string, context: TypeContext): string {
  const name = fullName(ref, context.id)
  if (context.isToken(name)) return 'z.string()'
  return context.has(name) ? `z.lazy(() => lexiconSchemas[${quoted(typeKey(name))}])` : 'kit.dataObject'
}

function unionZod(refs: readonly string[], closed: boolean, context: TypeContext): string {
  const members = refs.map((ref) => `${quoted(typeKey(fullName(ref, context.id)))}: ${referenceZod(ref, context)},`)
  return `kit.union({\n${members.join('\n')}\n}, ${closed})`
}

function textZod(schema: LexiconString): string {
  const { minLength = 0, maxLength, minGraphemes = 0, maxGraphemes, format } = schema
  if (schema.const !== undefined) return `z.literal(${quoted(schema.const)})`
  if (schema.enum !== undefined) return `z.enum([${schema.enum.map(quoted).join(', ')}])`
  const isLimited = minLength > 0 || maxLength !== undefined || minGraphemes > 0 || maxGraphemes !== undefined
  const length = isLimited
    ? `.refine((text) => kit.hasLength(text, ${minLength}, ${maxLength ?? 'Infinity'}, ${minGraphemes}, ${maxGraphemes ?? 'Infinity'}), 'its length is not allowed')`
    : ''
  const isFormat = format !== undefined && stringFormats.has(format)
  return `z.string()${length}${isFormat ? `.refine(kit.format(${quoted(format)}), 'it is not of the format ${format}')` : ''}`
}

function limits({
  minLength,
  maxLength,
}: {
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
}): string {
  return `${minLength === undefined ? '' : `.min(${minLength})`}${maxLength === undefined ? '' : `.max(${maxLength})`}`
}
