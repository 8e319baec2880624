import type { LexiconDefinition, LexiconDocument } from '../lexicon-document.ts'
import { readLexicon } from '../read-lexicon.ts'
import { lexiconTypeLines } from './lexicon-type.ts'
import { quoted, typeKey, type TypeContext } from './schema-type.ts'
import { objectZod, schemaZod } from './schema-zod.ts'
import { typeContext } from './type-context.ts'

/** Options of {@link generateLexicons}. */
export interface GenerateLexiconsOptions {
  /** Also writes a zod schema for each record and each definition of data. @default false */
  readonly zod?: boolean | undefined
  /** Writes the descriptions of the lexicons as comments. @default true */
  readonly descriptions?: boolean | undefined
}

/**
 * Writes a TypeScript module for a set of lexicons: an interface `LexiconTypes` that holds the type of each definition by
 * its name, such as `com.example.note` or `com.example.defs#author`, and with `zod` an object `lexiconSchemas` that holds
 * schemas by the same names. Values are those of the data model: links are `Cid`, bytes `Uint8Array`. Unions that are open
 * have only their known members as a type. What is defined elsewhere is any object.
 *
 * @throws `ATPROTO_LEXICON_INVALID`
 * @example
 * ```ts
 * import { generateLexicons } from '@exprsn/atproto/lexicon'
 *
 * const record = { type: 'object', required: ['text'], properties: { text: { type: 'string', maxLength: 300 } } }
 * const note = { lexicon: 1, id: 'com.example.note', defs: { main: { type: 'record', key: 'tid', record } } }
 * console.log(generateLexicons([note], { zod: true }).includes("'com.example.note': {")) // true
 * ```
 */
export function generateLexicons(
  documents: Iterable<unknown>,
  { zod = false, descriptions = true }: GenerateLexiconsOptions = {},
): string {
  const lexicons = [...documents].map((document) => readLexicon(document))
  const context = typeContext(lexicons, descriptions)
  const types = lexicons.flatMap((lexicon) => lexiconTypeLines(lexicon, context))
  const schemas = zod ? lexicons.flatMap((lexicon) => schemaLines(lexicon, context)) : []
  return [
    '// Written by generateLexicons of @exprsn/atproto. Generate it again instead of changing it.',
    ...(zod ? ["import { z } from 'zod'", "import { Cid } from '@exprsn/atproto/codec'"] : []),
    `import type { ${zod ? '' : 'Cid, '}DataObject } from '@exprsn/atproto/codec'`,
    `import ${zod ? `{ zodKit, type BlobRef }` : 'type { BlobRef }'} from '@exprsn/atproto/lexicon'`,
    '',
    '/** The types of all definitions, by name. */',
    `export interface LexiconTypes {\n${types.join('\n')}\n}`,
    ...(zod ? schemaModule(schemas) : []),
    '',
    ...unusedTypes,
  ].join('\n')
}

/** A module in which not every kind of value occurs is to pass the strictest compiler, too. */
const unusedTypes = ['/** Values that lexicons are made of. */', 'export type { BlobRef, DataObject }', '']

function schemaModule(lines: readonly string[]): readonly string[] {
  return [
    '',
    'const kit = zodKit(z)',
    '',
    '/** The schemas of records and of what they are made of, by name. */',
    'export const lexiconSchemas: LexiconSchemas = {',
    ...lines,
    '}',
    '',
    '/** The names that have a schema: requests and streams have none. */',
    'export type LexiconSchemas = { readonly [Name in SchemaName]: z.ZodType<LexiconTypes[Name]> }',
    '',
    `type SchemaName = ${lines.map((line) => line.slice(0, line.indexOf(': '))).join(' | ') || 'never'}`,
  ]
}

function schemaLines({ id, defs }: LexiconDocument, context: Omit<TypeContext, 'id'>): readonly string[] {
  return Object.entries(defs).flatMap(([name, definition]) => {
    const key = typeKey(`${id}#${name}`)
    const schema = definitionZod(definition, key, { ...context, id })
    return schema === undefined ? [] : [`${quoted(key)}: ${schema} as never,`]
  })
}

function definitionZod(definition: LexiconDefinition, key: string, context: TypeContext): string | undefined {
  switch (definition.type) {
    case 'record':
      return objectZod(definition.record, context, `$type: z.literal(${quoted(key)}),`)
    case 'object':
      return objectZod(definition, context)
    case 'token':
    case 'permission-set':
    case 'query':
    case 'procedure':
    case 'subscription':
      return undefined
    default:
      return schemaZod(definition, context)
  }
}
