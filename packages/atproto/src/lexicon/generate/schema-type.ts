import { fullName } from '../check-value.ts'
import type { LexiconObject, LexiconSchema, LexiconString } from '../lexicon-document.ts'

/** What the writing of types has to know beside the schema. */
export interface TypeContext {
  /** The lexicon that names without one belong to. */
  readonly id: string
  /** Whether there is a type for a full name, such as `com.example.note#main`; tokens have none. */
  readonly has: (name: string) => boolean
  /** Whether a full name is that of a token, which is text. */
  readonly isToken: (name: string) => boolean
  /** Whether comments with the descriptions of the lexicon are written. */
  readonly descriptions: boolean
}

/** The TypeScript type of a schema. */
export function schemaType(schema: LexiconSchema, context: TypeContext): string {
  switch (schema.type) {
    case 'object':
      return objectType(schema, context)
    case 'array':
      return `readonly (${schemaType(schema.items, context)})[]`
    case 'ref':
      return referenceType(schema.ref, context)
    case 'union':
      return schema.refs.map((ref) => memberType(ref, context)).join(' | ') || 'DataObject'
    case 'string':
      return textType(schema)
    case 'integer':
      return literals(schema.const === undefined ? schema.enum : [schema.const]) ?? 'number'
    case 'boolean':
      return schema.const === undefined ? 'boolean' : String(schema.const)
    case 'bytes':
      return 'Uint8Array'
    case 'blob':
      return 'BlobRef'
    case 'cid-link':
      return 'Cid'
    case 'null':
      return 'null'
    case 'unknown':
      return 'DataObject'
  }
}

/** The type of an object; with a type name, its `$type`. */
export function objectType(
  { properties = {}, required = [], nullable = [] }: Omit<LexiconObject, 'type'>,
  context: TypeContext,
  typeField?: string,
): string {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const optional = required.includes(name) ? '' : '?'
    const type = schemaType(schema, context) + (nullable.includes(name) ? ' | null' : '') + (optional && ' | undefined')
    return `${comment(schema.description, context)}readonly ${propertyName(name)}${optional}: ${type}`
  })
  const all = typeField === undefined ? fields : [typeField, ...fields]
  return all.length === 0 ? 'object' : `{\n${all.join('\n')}\n}`
}

/** A description as a comment in front of what it describes. */
export function comment(description: string | undefined, { descriptions }: Pick<TypeContext, 'descriptions'>): string {
  if (!descriptions || description === undefined || description === '') return ''
  return `/** ${description.replaceAll('*/', '*\\/').replaceAll(/\s+/g, ' ').trim()} */\n`
}

/** How types are looked up: `com.example.note#main` is kept as `com.example.note`. */
export function typeKey(name: string): string {
  return name.replace(/#main$/, '')
}

/** A string literal in the style of the generated code. */
export function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** The name of a property, in quotes where it needs them. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)
}

function referenceType(ref: string, context: TypeContext): string {
  const name = fullName(ref, context.id)
  if (context.isToken(name)) return 'string'
  return context.has(name) ? `LexiconTypes[${quoted(typeKey(name))}]` : 'DataObject'
}

/** What a union holds says by its $type what it is. */
function memberType(ref: string, context: TypeContext): string {
  const name = fullName(ref, context.id)
  return `(${referenceType(ref, context)} & { readonly $type: ${quoted(typeKey(name))} })`
}

function textType({ const: constant, enum: allowed, knownValues }: LexiconString): string {
  const exact = literals(constant === undefined ? allowed : [constant])
  if (exact !== undefined) return exact
  const known = literals(knownValues)
  return known === undefined ? 'string' : `${known} | (string & {})`
}

function literals(values: readonly (string | number)[] | undefined): string | undefined {
  if (values === undefined || values.length === 0) return undefined
  return values.map((value) => (typeof value === 'string' ? quoted(value) : String(value))).join(' | ')
}
